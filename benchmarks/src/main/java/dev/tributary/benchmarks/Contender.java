package dev.tributary.benchmarks;

/** One way to do the same work. */
interface Contender {

  String name();

  /** Is not measured. The store is empty. */
  void prepare(int events) throws Exception;

  /** Is measured. Blocks until the last event is done. */
  void run(int events) throws Exception;

  /** Is not measured. */
  default void finish() throws Exception {}

  /** After the last round. */
  default void close() {}
}
