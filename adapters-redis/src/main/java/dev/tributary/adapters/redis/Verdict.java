package dev.tributary.adapters.redis;

import dev.tributary.application.StoreUnavailableException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What {@code publish.lua}, {@code commit.lua} or {@code settle.lua} made of one work. */
sealed interface Verdict {

  record Committed() implements Verdict {}

  /** Its cause was handled before. */
  record Duplicate() implements Verdict {}

  /** The delivery is no longer ours; nothing was written. */
  record Fenced() implements Verdict {}

  /** @param change the first change whose version was not the expected one, from 0 */
  record Conflict(int change) implements Verdict {}

  /** A key that the work needs holds something else; nothing was written. */
  record Broken(String reason) implements Verdict {}

  /** Whether its delivery is acknowledged, and nothing is left to do. */
  default boolean isEnd() {
    return this instanceof Committed || this instanceof Duplicate;
  }

  /**
   * @param works how many were sent
   * @param reply their number, and then the number of each that is not committed, from 1, and what became of it
   * @throws StoreUnavailableException if it is no reply to these
   */
  static List<Verdict> each(int works, List<Object> reply) {
    if (reply.isEmpty() || !reply.getFirst().equals((long) works)) {
      throw new StoreUnavailableException("Redis: no reply that means anything");
    }
    var verdicts = new ArrayList<Verdict>(Collections.nCopies(works, new Committed()));
    for (int i = 1; i < reply.size(); i += 2) {
      verdicts.set(((Long) reply.get(i)).intValue() - 1, refusal(Replies.text(reply.get(i + 1))));
    }
    return verdicts;
  }

  private static Verdict refusal(String reply) {
    return switch (reply) {
      case "duplicate" -> new Duplicate();
      case "fenced" -> new Fenced();
      case String conflict when conflict.startsWith("conflict ") ->
        new Conflict(Integer.parseInt(conflict.substring("conflict ".length())) - 1);
      default -> new Broken(reply);
    };
  }
}
