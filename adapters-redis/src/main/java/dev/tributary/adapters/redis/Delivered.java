package dev.tributary.adapters.redis;

/**
 * An entry that a consumer was handed, not yet looked into.
 *
 * @param failures how many attempts at it have failed so far
 */
record Delivered(Lease lease, Entry entry, int failures) {

  int attempt() {
    return failures + 1;
  }
}
