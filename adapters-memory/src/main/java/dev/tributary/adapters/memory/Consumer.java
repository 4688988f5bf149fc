package dev.tributary.adapters.memory;

/** Who took a delivery. Two of the same name are two. */
final class Consumer {

  private final String name;
  private volatile boolean gone;

  Consumer(String name) {
    this.name = name;
  }

  /** Crashed: what its threads still do changes nothing any more. */
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
