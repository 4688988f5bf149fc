package dev.tributary.application;

import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What groups gave up in one partition, for an operator to look at, to deliver again or to throw away. Partitions count from 0; each gives its
 * letters ids of its own. Every method throws {@link StoreUnavailableException} and
 * may be called again after it.
 */
public interface DeadLetters {

  /** Which of a group's dead letters. */
  sealed interface Selection {

    /** Those with these ids; ids that are no longer there are passed over. */
    record Ids(Set<EntryId> ids) implements Selection {

      public Ids {
        ids = Set.copyOf(ids);
      }
    }

    /**
     * Those that were there when the call began and agree with all that is given.
     *
     * @param before given up before then
     */
    record Filter(Optional<String> type, Optional<String> errorClass, Optional<Instant> before) implements Selection {

      public boolean agrees(DeadLetter letter) {
        return (type.isEmpty() || type.equals(letter.type()))
            && errorClass.map(letter.errorClass()::equals).orElse(true)
            && before.map(letter.lastFailureAt()::isBefore).orElse(true);
      }
    }
  }

  /**
   * @param matched dead letters that were selected
   * @param redriven those of them that will be delivered again
   */
  record Redriven(long matched, long redriven) {}

  /**
   * When what is redriven is due, so that a repaired service is not run over.
   *
   * @param delay of the first; not negative
   * @param apart how much later each of the others is than the one before; more than 0
   */
  record Pace(Duration delay, Duration apart) {

    public Pace {
      if (delay.isNegative()) {
        throw new IllegalArgumentException("delay must not be negative");
      }
      if (!apart.isPositive()) {
        throw new IllegalArgumentException("apart must be more than 0");
      }
    }

    /** @param count at least 1 */
    public static Pace perSecond(int count) {
      if (count < 1) {
        throw new IllegalArgumentException("must be at least 1 a second");
      }
      return new Pace(Duration.ZERO, Duration.ofSeconds(1).dividedBy(count));
    }

    /** For what follows so many: whoever redrives one partition after the other keeps one pace for all. */
    public Pace behind(long count) {
      return new Pace(delayOf(count), apart);
    }

    /** @param count how many stand before it */
    public Duration delayOf(long count) {
      return delay.plus(apart.multipliedBy(count));
    }
  }

  /**
   * @param after exclusive
   * @param limit 1–200
   * @return oldest first; fewer than the limit also where letters are very large; empty only where nothing follows
   */
  List<DeadLetter> list(Topic<?> topic, int partition, Group group, EntryId after, int limit);

  /**
   * Delivers again, to that group alone, with attempts from 0; what is handled then is a dead letter no longer. Doing it twice delivers once.
   *
   * @throws IllegalArgumentException if there is no such group
   */
  Redriven redrive(Topic<?> topic, int partition, Group group, Selection which, Pace pace);

  /** What {@link #redrive} would match. */
  long count(Topic<?> topic, int partition, Group group, Selection which);

  /** @return how many were there to be removed */
  long discard(Topic<?> topic, int partition, Group group, Set<EntryId> ids);
}
