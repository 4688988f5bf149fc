package dev.tributary.adapters.redis;

import dev.tributary.application.StoreUnavailableException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A connection that many threads share: made at its first use, and anew at the next one when it could not be made or is no longer trusted. */
final class SharedLink {

  private final Server server;
  private final PartitionsCheck partitions;
  private final AtomicReference<@Nullable Attempt> latest = new AtomicReference<>();

  /** The connection, or the attempt at one. */
  private static final class Attempt {

    private final CompletableFuture<Link> link = new CompletableFuture<>();
    private final long since = System.nanoTime();
    private volatile boolean distrusted;

    boolean isUseless() {
      return distrusted || link.isCompletedExceptionally();
    }

    /** Nobody uses it any more. */
    void refuse() {
      distrusted = true;
      var _ = link.thenAccept(open -> {
        var _ = open.connection().closeAsync();
      });
    }

    /** What waits for a reply on it fails at once. One that is younger than the silence was not the cause of it. */
    void distrust() {
      if (!distrusted && System.nanoTime() - since > Connections.REPLY_WITHIN.toNanos()) {
        refuse();
      }
    }
  }

  /** @param partitions what a server has to pass before anything else is sent to it */
  SharedLink(Server server, PartitionsCheck partitions) {
    this.server = server;
    this.partitions = partitions;
  }

  /** Whoever asks while an attempt is under way has that one, and fails with it. */
  CompletionStage<Link> whenOpen() {
    Attempt known = latest.get();
    if (known == null || known.isUseless()) {
      var next = new Attempt();
      if (latest.compareAndSet(known, next)) {
        connect(next.link);
      }
    }
    return Objects.requireNonNull(latest.get()).link;
  }

  private void connect(CompletableFuture<Link> into) {
    try {
      var _ = server.connect().whenComplete((link, failure) -> {
        if (failure == null) {
          check(link, into);
        } else {
          into.completeExceptionally(failure);
        }
      });
    } catch (RuntimeException e) {
      into.completeExceptionally(e);
    }
  }

  private void check(Link link, CompletableFuture<Link> into) {
    var _ = partitions.pass(link.commands()).whenComplete((_, failure) -> {
      if (failure == null) {
        into.complete(link);
      } else {
        var _ = link.connection().closeAsync();
        into.completeExceptionally(
            failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure);
      }
    });
  }

  /**
   * Has the server pass once more, where a connection is open: it may have lost its data, and been divided otherwise since. Then the next use
   * connects anew, and is refused.
   */
  void examine() {
    Attempt known = latest.get();
    if (known != null && !known.isUseless() && known.link.isDone()) {
      var _ = known.link.thenCompose(link -> partitions.pass(link.commands())).whenComplete((_, _) -> {
        if (partitions.refusal().isPresent()) {
          known.refuse();
        }
      });
    }
  }

  /** Once it is old enough to be the cause of a silence: then what waits for replies on it fails, and the next use connects anew. */
  void distrust() {
    Optional.ofNullable(latest.get()).ifPresent(Attempt::distrust);
  }

  /** Whoever waits for a connection that is not there yet would wait for ever. */
  void giveUp(StoreUnavailableException closing) {
    Optional.ofNullable(latest.get()).ifPresent(attempt -> attempt.link.completeExceptionally(closing));
  }
}
