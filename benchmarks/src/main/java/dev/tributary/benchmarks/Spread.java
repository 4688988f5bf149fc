package dev.tributary.benchmarks;

import java.util.Collection;
import java.util.function.ToDoubleFunction;

/** The middle of some numbers, and how far they lie apart. */
record Spread(double least, double median, double most) {

  /** @throws IllegalArgumentException if there are none */
  static Spread of(double... numbers) {
    if (numbers.length == 0) {
      throw new IllegalArgumentException("of nothing there is no median");
    }
    double[] sorted = numbers.clone();
    java.util.Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(sorted[0], median, sorted[sorted.length - 1]);
  }

  static <T> Spread of(Collection<T> measured, ToDoubleFunction<T> number) {
    return of(measured.stream().mapToDouble(number).toArray());
  }
}
