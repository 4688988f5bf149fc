package dev.tributary.adapters.redis;

/**
 * An entry that a consumer was handed, not yet looked into.
 *
 * @param failures how many attempts at it have failed so far
 * @param noted whether something beside the pending list may tell of it: failed attempts, or when it is due
 */
record Delivered(Lease lease, Entry entry, int failures, boolean noted) {

  Delivered(Lease lease, Entry entry, int failures) {
    this(lease, entry, failures, failures > 0);
  }

  /** The same, to come again. What is noted of it stays noted. */
  Delivered failed(int times) {
    return new Delivered(lease, entry, times, noted || times > 0);
  }

  int attempt() {
    return failures + 1;
  }
}
