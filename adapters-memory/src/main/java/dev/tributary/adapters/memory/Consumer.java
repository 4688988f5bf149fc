package dev.tributary.adapters.memory;

/** Who took a delivery. Two of the same name are two. */
final class Consumer {

  private final String name;
  private boolean joined;
  private volatile boolean gone;

  Consumer(String name) {
    this.name = name;
  }

  /** One that does nothing with what it holds. */
  static Consumer gone(String name) {
    var gone = new Consumer(name);
    gone.leave();
    return gone;
  }

  /**
   * Notes that it belongs to its group from now on. Guarded by the store's lock.
   *
   * @return whether it did before
   */
  boolean join() {
    boolean before = joined;
    joined = true;
    return before;
  }

  /** Crashed: what its threads still do changes nothing any more, and its leases run out. */
  void leave() {
    gone = true;
  }

  boolean isGone() {
    return gone;
  }

  @Override
  public String toString() {
    return name;
  }
}
