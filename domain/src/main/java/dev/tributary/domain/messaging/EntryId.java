package dev.tributary.domain.messaging;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a log: later entries have greater ids. Both numbers are unsigned: other producers may bring ids of their own.
 *
 * @param millis the store's clock when the entry was appended, in ms since the epoch
 * @param sequence tells entries of one millisecond apart
 */
public record EntryId(long millis, long sequence) implements Comparable<EntryId> {

  /** Before the first entry. */
  public static final EntryId START = new EntryId(0, 0);

  private static final Pattern SYNTAX = Pattern.compile("(\\d{1,20})-(\\d{1,20})");
  private static final String RULE = "must be an entry id such as 1700000000000-0";
  private static final Comparator<EntryId> ORDER = Comparator.comparing(EntryId::millis, Long::compareUnsigned)
      .thenComparing(EntryId::sequence, Long::compareUnsigned);

  /** @throws IllegalArgumentException unless the text is two numbers below 2^64 with a hyphen between, as {@link #toString} gives it */
  public static EntryId parse(String text) {
    Matcher matcher = SYNTAX.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(RULE);
    }
    try {
      return new EntryId(Long.parseUnsignedLong(matcher.group(1)), Long.parseUnsignedLong(matcher.group(2)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(RULE, e);
    }
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
