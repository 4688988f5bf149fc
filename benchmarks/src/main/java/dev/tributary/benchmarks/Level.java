package dev.tributary.benchmarks;

/** The same work beside a given amount of what grows. */
interface Level extends AutoCloseable {

  String name();

  /** Works in a steady state, and measures that; what comes before and after is not measured. */
  Run measure() throws Exception;

  @Override
  default void close() {}
}
