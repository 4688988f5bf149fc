package dev.tributary.domain.messaging;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Into how many partitions each topic is divided, and which of them a key belongs to: the CRC-32 of its UTF-8 bytes, modulo the count. Every
 * language has it, so that other producers can tell as well. It never changes for what is stored.
 *
 * @param count 1–{@value #MOST}
 */
public record Partitioning(int count) {

  public static final int MOST = 1024;

  /** One partition: everything is together. */
  public static final Partitioning ONE = new Partitioning(1);

  /** @throws IllegalArgumentException if the count is out of bounds */
  public Partitioning {
    if (count < 1 || count > MOST) {
      throw new IllegalArgumentException("must be 1 to " + MOST + " partitions: " + count);
    }
  }

  /** The partition of a key, from 0. */
  public int of(String key) {
    if (count == 1) {
      return 0;
    }
    var crc = new CRC32();
    crc.update(key.getBytes(StandardCharsets.UTF_8));
    return (int) (crc.getValue() % count);
  }

  /** Whether two keys share their partition, so that what belongs to them can change in one step. */
  public boolean areTogether(String key, String other) {
    return of(key) == of(other);
  }
}
