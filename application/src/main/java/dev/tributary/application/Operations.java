package dev.tributary.application;

import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Topic;
import java.util.List;

/**
 * How the logs and their groups are doing, for operators. Every call takes bounded time and memory, however much there is, changes nothing, and
 * throws {@link StoreUnavailableException}.
 */
public interface Operations {

  /** Every partition of every topic, by name and number; those of which nothing is stored yet too. */
  List<StreamStatus> streams();

  /**
   * What a group was handed and has not settled.
   *
   * @param after exclusive; {@link EntryId#START} reads from the oldest
   * @param limit 1–200
   * @return oldest first; empty for a group that does not exist
   */
  List<PendingDelivery> pending(Topic<?> topic, int partition, Group group, EntryId after, int limit);

  /**
   * How many of the oldest entries that are kept a group has passed without handling them or giving them up: because it was made behind them,
   * because their dead letters were thrown away, or because nothing was to be done. Entries that it does not handle do not count.
   *
   * @param limit how many entries to look at, 1–200
   * @return 0 for a group that does not exist
   */
  long skipped(SubscriptionSpec<?> spec, int partition, int limit);
}
