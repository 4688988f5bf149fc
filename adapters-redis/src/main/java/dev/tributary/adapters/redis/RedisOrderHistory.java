package dev.tributary.adapters.redis;

import dev.tributary.application.OrderHistory;
import dev.tributary.application.OrderPlace;
import dev.tributary.application.Page;
import dev.tributary.application.Versioned;
import dev.tributary.domain.messaging.StateKey;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.OrderEvent;
import dev.tributary.domain.user.UserId;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A user's orders in sorted sets of their own, one in each partition that has any: a page merges their heads. The cursor is the last member that a
 * page showed.
 */
final class RedisOrderHistory implements OrderHistory {

  private final Connections connections;
  private final Partitions partitions;
  private final RedisUnitOfWork store;

  RedisOrderHistory(Connections connections, Partitions partitions, RedisUnitOfWork store) {
    this.connections = connections;
    this.partitions = partitions;
    this.store = store;
  }

  @Override
  public Page<Order> ordersOf(UserId userId, Optional<String> after, int limit) {
    Page.requireLimit(limit);
    List<String> members = members(userId, after, limit + 1);
    List<String> shown = members.subList(0, Math.min(limit, members.size()));
    List<Order> orders = store.loadAll(shown.stream().map(RedisOrderHistory::key).toList())
        .stream()
        .map(Versioned::state)
        .toList();
    return new Page<>(orders,
        members.size() > limit ? Optional.of(shown.getLast()) : Optional.empty());
  }

  private List<String> members(UserId userId, Optional<String> after, int limit) {
    Range<byte[]> older = after.map(RedisOrderHistory::before).orElseGet(Range::unbounded);
    RedisClusterAsyncCommands<String, byte[]> redis = connections.shared();
    // One after the other on their way, without waiting for each.
    List<RedisFuture<List<byte[]>>> heads = partitions.of(OrderEvent.TOPIC)
        .stream()
        .map(partition -> partition.keys().list(OrderFormats.ORDERS_OF, userId.value()))
        .map(key -> redis.zrevrangebylex(key, older, Limit.from(limit)))
        .toList();
    return heads.stream()
        .flatMap(head -> connections.await(head).stream())
        .map(member -> new String(member, StandardCharsets.US_ASCII))
        .sorted(Comparator.reverseOrder())
        .limit(limit)
        .toList();
  }

  private static Range<byte[]> before(String cursor) {
    return Range.from(Range.Boundary.unbounded(),
        Range.Boundary.excluding(Utf8.bytes(new OrderPlace(cursor).text())));
  }

  private static StateKey<Order> key(String member) {
    return Order.key(new OrderPlace(member).id());
  }
}
