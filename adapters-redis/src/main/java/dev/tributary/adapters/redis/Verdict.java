package dev.tributary.adapters.redis;

/** What {@code commit.lua} made of one work. */
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

  static Verdict parse(String reply) {
    return switch (reply) {
      case "committed" -> new Committed();
      case "duplicate" -> new Duplicate();
      case "fenced" -> new Fenced();
      case String conflict when conflict.startsWith("conflict ") ->
        new Conflict(Integer.parseInt(conflict.substring("conflict ".length())) - 1);
      default -> new Broken(reply);
    };
  }
}
