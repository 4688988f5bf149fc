package dev.tributary.domain.messaging;

import dev.tributary.domain.Ascii;
import java.util.Comparator;

/**
 * A place in a log: later entries have greater ids. Both numbers are unsigned: other producers may bring ids of their own.
 *
 * @param millis the store's clock when the entry was appended, in ms since the epoch
 * @param sequence tells entries of one millisecond apart
 */
public record EntryId(long millis, long sequence) implements Comparable<EntryId> {

  /** Before the first entry. */
  public static final EntryId START = new EntryId(0, 0);

  /** Nothing can be behind it. */
  public static final EntryId GREATEST = new EntryId(-1, -1);

  private static final int MOST_DIGITS = 20;
  private static final String RULE = "must be an entry id such as 1700000000000-0";
  private static final Comparator<EntryId> ORDER = Comparator.comparing(EntryId::millis, Long::compareUnsigned)
      .thenComparing(EntryId::sequence, Long::compareUnsigned);

  /** @throws IllegalArgumentException unless the text is two numbers below 2^64 with a hyphen between, as {@link #toString} gives it */
  public static EntryId parse(String text) {
    int hyphen = text.indexOf('-');
    if (!isNumber(text, 0, hyphen) || !isNumber(text, hyphen + 1, text.length())) {
      throw new IllegalArgumentException(RULE);
    }
    try {
      return new EntryId(Long.parseUnsignedLong(text, 0, hyphen, 10),
          Long.parseUnsignedLong(text, hyphen + 1, text.length(), 10));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(RULE, e);
    }
  }

  private static boolean isNumber(String text, int from, int to) {
    return to - from <= MOST_DIGITS && Ascii.areDigits(text, from, to);
  }

  /**
   * The greatest id below.
   *
   * @throws IllegalStateException if this is {@link #START}
   */
  public EntryId previous() {
    if (equals(START)) {
      throw new IllegalStateException("nothing is before the start");
    }
    return sequence == 0 ? new EntryId(millis - 1, -1) : new EntryId(millis, sequence - 1);
  }

  @Override
  public int compareTo(EntryId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return Long.toUnsignedString(millis) + "-" + Long.toUnsignedString(sequence);
  }
}
