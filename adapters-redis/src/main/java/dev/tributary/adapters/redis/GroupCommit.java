package dev.tributary.adapters.redis;

import dev.tributary.application.StoreUnavailableException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Sends the works of one partition. While one call is under way, what comes in gathers, and goes with the next: a lone work never waits for
 * company, and a crowd shares one call and one fsync. Works go in the order in which they came.
 */
final class GroupCommit {

  /** Works in one call: enough to share its cost, few enough that a script of some 15 µs each holds up nobody for long. */
  private static final int MOST = 128;

  private final Connections connections;
  private final Script script;
  private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean underWay = new AtomicBoolean();

  private record Waiting(Commit commit, CompletableFuture<Verdict> verdict) {}

  GroupCommit(Connections connections, Script script) {
    this.connections = connections;
    this.script = script;
  }

  /**
   * Blocks until the work is judged.
   *
   * @throws StoreUnavailableException if no verdict came; it may be stored all the same
   */
  Verdict commit(Commit commit) {
    return connections.await(submit(commit));
  }

  CompletableFuture<Verdict> submit(Commit commit) {
    CompletableFuture<Verdict> verdict = enqueue(commit);
    flush();
    return verdict;
  }

  /** At once, so that the first does not go alone. */
  List<CompletableFuture<Verdict>> submitAll(List<Commit> commits) {
    List<CompletableFuture<Verdict>> verdicts = commits.stream().map(this::enqueue).toList();
    flush();
    return verdicts;
  }

  private CompletableFuture<Verdict> enqueue(Commit commit) {
    var verdict = new CompletableFuture<Verdict>();
    waiting.add(new Waiting(commit, verdict));
    return verdict;
  }

  /** In a loop, and not from within each other: while Redis is away a batch is refused before the call returns, and many may wait. */
  private void flush() {
    while (!waiting.isEmpty() && underWay.compareAndSet(false, true)) {
      List<Waiting> batch = next();
      CompletableFuture<List<Object>> replies = send(batch).toCompletableFuture();
      if (!replies.isDone()) {
        var _ = replies.whenComplete((_, _) -> {
          settle(batch, replies);
          flush();
        });
        return;
      }
      settle(batch, replies);
    }
  }

  private void settle(List<Waiting> batch, CompletableFuture<List<Object>> replies) {
    underWay.set(false);
    var _ = replies.whenComplete((texts, failure) -> answer(batch, texts, failure));
  }

  private List<Waiting> next() {
    var batch = new ArrayList<Waiting>();
    for (Waiting head = waiting.poll(); head != null; head = batch.size() < MOST ? waiting.poll() : null) {
      batch.add(head);
    }
    return batch;
  }

  /** @param batch empty if another thread was quicker */
  private CompletionStage<List<Object>> send(List<Waiting> batch) {
    if (batch.isEmpty()) {
      return CompletableFuture.completedStage(List.of());
    }
    try {
      return call(batch.stream().map(Waiting::commit).toList());
    } catch (RuntimeException | Error e) {
      // An error too: who waits would wait for ever.
      return CompletableFuture.failedStage(e);
    }
  }

  /** Publications alone go by a script of their own, to the same effect. */
  private CompletionStage<List<Object>> call(List<Commit> commits) {
    Optional<Commit.Publications> publications = script == Script.TAKE_IN
        ? Commit.Publications.of(commits)
        : Optional.empty();
    if (publications.isPresent()) {
      Commit.Publications found = publications.get();
      return connections.commit(commits.getFirst().stream(),
          redis -> Script.PUBLISH.run(redis, found.keys(), found.arguments()));
    }
    var arguments = new Commit.Arguments(commits);
    return connections.commit(commits.getFirst().stream(),
        redis -> script.run(redis, arguments.keys(), arguments.arguments()));
  }

  private static void answer(List<Waiting> batch, @Nullable List<Object> replies, @Nullable Throwable failure) {
    for (int i = 0; i < batch.size(); i++) {
      CompletableFuture<Verdict> verdict = batch.get(i).verdict();
      if (failure != null) {
        verdict.completeExceptionally(failure);
      } else if (replies != null && replies.size() == batch.size() && replies.get(i) instanceof byte[] reply) {
        verdict.complete(Verdict.parse(new String(reply, StandardCharsets.UTF_8)));
      } else {
        verdict.completeExceptionally(new StoreUnavailableException("Redis: no reply that means anything"));
      }
    }
  }
}
