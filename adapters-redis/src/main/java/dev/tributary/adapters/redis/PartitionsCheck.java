package dev.tributary.adapters.redis;

import dev.tributary.application.Groups;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.domain.messaging.Partitioning;
import io.lettuce.core.SetArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a process from a server that is divided otherwise: with another count, keys would be looked for where they are not. Whoever uses a server
 * first fixes the count; one that holds streams from before there were several partitions has one.
 */
final class PartitionsCheck {

  private final Partitioning asked;
  private final boolean fixes;
  private volatile @Nullable String refusal;

  /** @param fixes whether to note the number where none is: not for a caller that only looks */
  PartitionsCheck(Partitioning asked, boolean fixes) {
    this.asked = asked;
    this.fixes = fixes;
  }

  /** Fails with {@link StoreUnavailableException} if the count is another one. */
  CompletionStage<?> pass(RedisClusterAsyncCommands<String, byte[]> redis) {
    // First of all, and most often alone: a server that is full or read-only can be read.
    return redis.get(Keys.PARTITIONS)
        .thenCompose(known -> known == null ? fix(redis) : CompletableFuture.completedStage(known))
        .thenAccept(this::require);
  }

  private CompletionStage<byte[]> fix(RedisClusterAsyncCommands<String, byte[]> redis) {
    return redis.exists(undivided()).thenCompose(streams -> {
      byte[] count = Utf8.bytes(streams > 0 ? "1" : Integer.toString(asked.count()));
      return fixes ? note(redis, count) : CompletableFuture.completedStage(count);
    });
  }

  /** @return what is noted from then on: what was before, if anything was */
  private static CompletionStage<byte[]> note(RedisClusterAsyncCommands<String, byte[]> redis, byte[] count) {
    return redis.setGet(Keys.PARTITIONS, count, SetArgs.Builder.nx())
        .thenApply(before -> before == null ? count : before);
  }

  /**
   * As {@link #pass}, and fails too where nothing can be written, though nothing is: the number is there already. For a caller that only looks, it
   * only looks.
   */
  CompletionStage<?> passWriting(RedisClusterAsyncCommands<String, byte[]> redis) {
    return fixes
        ? note(redis, Utf8.bytes(Integer.toString(asked.count()))).thenAccept(this::require)
        : pass(redis);
  }

  private static String[] undivided() {
    return Groups.TOPICS.stream().map(topic -> Keys.of(topic).stream()).toArray(String[]::new);
  }

  private void require(byte[] known) {
    String stored = new String(known, StandardCharsets.UTF_8);
    if (stored.equals(Integer.toString(asked.count()))) {
      refusal = null;
      return;
    }
    String words = "PARTITIONS is " + asked.count() + ", and Redis holds streams of " + stored
        + ": the number is fixed at the first start; set PARTITIONS=" + stored + ", or use another Redis";
    refusal = words;
    throw new StoreUnavailableException(words);
  }

  Optional<String> refusal() {
    return Optional.ofNullable(refusal);
  }
}
