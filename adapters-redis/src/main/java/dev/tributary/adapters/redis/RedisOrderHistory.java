package dev.tributary.adapters.redis;

import dev.tributary.application.OrderHistory;
import dev.tributary.application.Page;
import dev.tributary.application.UnitOfWork;
import dev.tributary.application.Versioned;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.OrderEvent;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.user.UserId;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A user's orders in sorted sets of their own, one in each partition that has any: a page merges their heads. The cursor is the last member that a
 * page showed.
 */
final class RedisOrderHistory implements OrderHistory {

  private static final int MILLIS_DIGITS = 13;
  private static final Pattern CURSOR = Pattern.compile("\\d{" + MILLIS_DIGITS + "}-[A-Za-z0-9_-]{1,64}");

  private final Connections connections;
  private final Partitions partitions;
  private final UnitOfWork store;

  RedisOrderHistory(Connections connections, Partitions partitions, UnitOfWork store) {
    this.connections = connections;
    this.partitions = partitions;
    this.store = store;
  }

  @Override
  public Page<Order> ordersOf(UserId userId, Optional<String> after, int limit) {
    if (limit < 1 || limit > 200) {
      throw new IllegalArgumentException("must be a whole number from 1 to 200");
    }
    List<String> members = members(userId, after, limit + 1);
    List<String> shown = members.subList(0, Math.min(limit, members.size()));
    return new Page<>(shown.stream().flatMap(member -> load(member).stream()).toList(),
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
    if (!CURSOR.matcher(cursor).matches()) {
      throw new IllegalArgumentException("must be the next of the page before");
    }
    return Range.from(Range.Boundary.unbounded(), Range.Boundary.excluding(Utf8.bytes(cursor)));
  }

  private Optional<Order> load(String member) {
    return store.load(Order.key(new OrderId(member.substring(MILLIS_DIGITS + 1)))).map(Versioned::state);
  }
}
