package dev.tributary.adapters.redis;

import dev.tributary.application.StoreUnavailableException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends the works of one partition, by two calls at a time: the next is made and sent while Redis is at the one before. Where replicas have to have
 * them, by one: the next would wait on its connection all the same, and a crowd would wait twice. Meanwhile what comes in gathers, and goes with the
 * next: a lone work never waits for company, and a crowd shares one call and one fsync. Works keep an order only where they came together: then one
 * call carries them.
 */
final class GroupCommit<W> {

  /** Works that may come together. A call that has as many takes no more in, so that none has twice as many: of 15 to 40 µs each. */
  static final int MOST = 128;

  private static final int CALLS_AT_ONCE = 2;

  private final Connections connections;
  private final String key;
  private final Function<List<W>, Call> encoding;
  private final Follower follower;
  private final Queue<Waiting<W>> waiting = new ConcurrentLinkedQueue<>();
  private final Semaphore calls;

  /** Who has something to send right behind a call. */
  interface Follower {

    Follower NOBODY = (_, _) -> {};

    /**
     * Must not wait, and not fail.
     *
     * @param redis the way that the call went
     * @param works how many it carries
     */
    void follow(RedisClusterAsyncCommands<String, byte[]> redis, int works);
  }

  /** Works that came together. */
  private record Waiting<W>(List<W> works, List<CompletableFuture<Verdict>> verdicts) {}

  /**
   * @param key one of those that each call writes
   * @param encoding makes a call of works; its reply is their number, and then the number and the verdict of each that is not committed
   */
  GroupCommit(Connections connections, String key, Function<List<W>, Call> encoding) {
    this(connections, key, encoding, Follower.NOBODY);
  }

  GroupCommit(Connections connections, String key, Function<List<W>, Call> encoding, Follower follower) {
    this.connections = connections;
    this.key = key;
    this.encoding = encoding;
    this.follower = follower;
    this.calls = new Semaphore(connections.waitsForReplicas() ? 1 : CALLS_AT_ONCE);
  }

  /**
   * Blocks until the work is judged.
   *
   * @throws StoreUnavailableException if no verdict came; it may be stored all the same
   */
  Verdict commit(W work) {
    return connections.await(submit(work));
  }

  CompletableFuture<Verdict> submit(W work) {
    CompletableFuture<Verdict> verdict = enqueue(work);
    flush();
    return verdict;
  }

  /**
   * In this order, by one call.
   *
   * @throws IllegalArgumentException if there are more than {@link #MOST}
   */
  List<CompletableFuture<Verdict>> submitAll(List<W> works) {
    if (works.size() > MOST) {
      throw new IllegalArgumentException(works.size() + " works together, more than " + MOST);
    }
    List<CompletableFuture<Verdict>> verdicts = works.stream().map(_ -> new CompletableFuture<Verdict>()).toList();
    waiting.add(new Waiting<>(works, verdicts));
    flush();
    return verdicts;
  }

  /** Leaves it to the caller to {@link #flush}. */
  CompletableFuture<Verdict> enqueue(W work) {
    var verdict = new CompletableFuture<Verdict>();
    waiting.add(new Waiting<>(List.of(work), List.of(verdict)));
    return verdict;
  }

  /** In a loop, and not from within each other: while Redis is away a batch is refused before the call returns, and many may wait. */
  void flush() {
    while (!waiting.isEmpty() && calls.tryAcquire()) {
      List<Waiting<W>> batch = next();
      CompletableFuture<List<Verdict>> verdicts = send(batch).toCompletableFuture();
      if (verdicts.isDone()) {
        finish(batch, verdicts);
      } else {
        var _ = verdicts.whenComplete((_, _) -> {
          finish(batch, verdicts);
          flush();
        });
      }
    }
  }

  private void finish(List<Waiting<W>> batch, CompletableFuture<List<Verdict>> verdicts) {
    calls.release();
    var _ = verdicts.whenComplete((judged, failure) -> answer(batch, judged, failure));
  }

  private List<Waiting<W>> next() {
    var batch = new ArrayList<Waiting<W>>();
    int works = 0;
    for (Waiting<W> head = waiting.poll(); head != null; head = works < MOST ? waiting.poll() : null) {
      batch.add(head);
      works += head.works().size();
    }
    return batch;
  }

  /** @param batch empty if another thread was quicker */
  private CompletionStage<List<Verdict>> send(List<Waiting<W>> batch) {
    if (batch.isEmpty()) {
      return CompletableFuture.completedStage(List.of());
    }
    try {
      List<W> works = batch.stream().flatMap(each -> each.works().stream()).toList();
      return call(works).thenApply(reply -> Verdict.each(works.size(), reply));
    } catch (RuntimeException | Error e) {
      // An error too: who waits would wait for ever.
      return CompletableFuture.failedStage(e);
    }
  }

  private CompletionStage<List<Object>> call(List<W> works) {
    Call call = encoding.apply(works);
    return connections.commit(key, redis -> {
      CompletionStage<List<Object>> reply = call.script().run(redis, call.keys(), call.arguments());
      follower.follow(redis, works.size());
      return reply;
    });
  }

  private static void answer(List<? extends Waiting<?>> batch, @Nullable List<Verdict> judged,
      @Nullable Throwable failure) {
    int next = 0;
    for (Waiting<?> each : batch) {
      for (CompletableFuture<Verdict> verdict : each.verdicts()) {
        if (judged == null) {
          verdict.completeExceptionally(Objects.requireNonNull(failure));
        } else {
          verdict.complete(judged.get(next++));
        }
      }
    }
  }
}
