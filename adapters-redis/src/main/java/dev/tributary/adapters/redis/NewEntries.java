package dev.tributary.adapters.redis;

import dev.tributary.application.StoreUnavailableException;
import java.time.Duration;
import java.util.List;

/** Reads new entries of all partitions for one consumer. For one thread, but for {@link #unblock}. */
sealed interface NewEntries extends AutoCloseable permits GroupReader, ClusterReader {

  /**
   * Makes sure that the group is there.
   *
   * @throws StoreUnavailableException if no partition can be read
   */
  List<Joining.Gap> ensureGroup();

  /** Whether the group's existence has to be looked at, somewhere. */
  boolean doubts();

  /** Whatever failed, the group may be gone: look again before the next read. */
  void doubt();

  /** Whether a stream can be read, as far as is known. */
  boolean serves(String stream);

  /**
   * One stream failed.
   *
   * @throws StoreUnavailableException the same, where one failure is that of all
   */
  void spare(String stream, StoreUnavailableException failure);

  /**
   * @param limit how many at most
   * @param block how long to wait for the first, at most
   * @throws StoreUnavailableException if Redis does not answer; what it may have sent comes again when its lease has run out
   */
  List<GroupReader.Read> read(int limit, Duration block) throws InterruptedException;

  /** Ends a read that waits. Any thread may call it. */
  void unblock();

  @Override
  void close();
}
