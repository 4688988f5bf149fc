package dev.tributary.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * What one run cost.
 *
 * @param seconds from its begin to its end
 * @param ownCpu µs of this process, for each event
 * @param redisCpu µs of the redis-server process, for each event
 */
record Run(int events, double seconds, double ownCpu, double redisCpu) {

  private static final double NANOS_PER_MICRO = 1_000;
  private static final double NANOS_PER_SECOND = 1e9;

  /** What is measured. */
  interface Task {
    void run() throws Exception;
  }

  /** What is measured, and tells how many events it worked on. */
  interface Counted {
    int run() throws Exception;
  }

  static Run measured(BenchRedis redis, int events, Task task) throws Exception {
    return measured(redis, () -> {
      task.run();
      return events;
    });
  }

  /** @throws IllegalStateException if it worked on no event */
  static Run measured(BenchRedis redis, Counted task) throws Exception {
    double redisBefore = redis.cpuMicros();
    double ownBefore = ownCpuMicros();
    long begun = System.nanoTime();
    int events = task.run();
    if (events < 1) {
      throw new IllegalStateException("no event to share the cost");
    }
    double seconds = (System.nanoTime() - begun) / NANOS_PER_SECOND;
    double own = ownCpuMicros() - ownBefore;
    return new Run(events, seconds, own / events, (redis.cpuMicros() - redisBefore) / events);
  }

  private static double ownCpuMicros() {
    var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getProcessCpuTime() / NANOS_PER_MICRO;
  }

  double perSecond() {
    return events / seconds;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%,.0f/s, CPU %.1f µs here and %.1f µs in redis-server an event", perSecond(),
        ownCpu, redisCpu);
  }
}
