package dev.tributary.application;

import dev.tributary.domain.messaging.Aggregate;
import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.StateKey;
import dev.tributary.domain.messaging.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Makes one thing for each idempotency key. Its id is made from the key, and a receipt is stored in one step with it: whoever comes second finds
 * the receipt. A key whose receipt has expired, while what was made under it is still there, goes on to the next id.
 */
record Once(UnitOfWork store, Requests requests, Aggregate<Receipt> receipts, String kind) {

  /** What became of a request. */
  sealed interface Result {

    record Made(UUID id) implements Result {}

    /** The same request was carried out before. */
    record Replayed(UUID id) implements Result {}

    /** The key stands for another request. */
    record KeyReused() implements Result {}

    /** A state that is not of this thing alone is in the way. */
    record Taken(StateKey<?> key) implements Result {}
  }

  /**
   * @param fingerprint tells the request from others
   * @param work what makes the thing of that id: creations, of states of that id or of what may be {@link Result.Taken}
   */
  Result make(IdempotencyKey key, UUID fingerprint, Function<UUID, Work> work) {
    for (UUID id = key.derive(kind);; id = DerivedId.of("after", id.toString())) {
      CommitResult committed = requests.commit(new RequestId(id), withReceipt(id, fingerprint, work.apply(id)));
      if (committed instanceof CommitResult.Committed) {
        return new Result.Made(id);
      }
      Optional<Receipt> receipt = store.load(receiptKey(id)).map(Versioned::state);
      if (receipt.isPresent()) {
        return receipt.get().fingerprint().equals(fingerprint) ? new Result.Replayed(id) : new Result.KeyReused();
      }
      if (committed instanceof CommitResult.Conflict(var taken) && !taken.id().equals(id.toString())) {
        return new Result.Taken(taken);
      }
    }
  }

  /** First: of several conflicts the first one is told. */
  private Work withReceipt(UUID id, UUID fingerprint, Work work) {
    var changes = new ArrayList<Change<?>>(List.of(Change.creation(receiptKey(id), new Receipt(fingerprint))));
    changes.addAll(work.changes());
    return new Work(changes, work.events());
  }

  private StateKey<Receipt> receiptKey(UUID id) {
    return receipts.key(id.toString());
  }
}
