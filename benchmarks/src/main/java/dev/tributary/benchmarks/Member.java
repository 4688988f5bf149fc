package dev.tributary.benchmarks;

import dev.tributary.adapters.redis.RedisMessaging;
import dev.tributary.application.DeliveryMonitor;
import dev.tributary.domain.messaging.Ordering;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Partitioning;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A member of a group that keeps order, in a process of its own, so that it can die. Its program is {@link #main}. */
final class Member implements AutoCloseable {

  private static final Duration LEAVES_WITHIN = Duration.ofSeconds(20);

  private final Process process;

  private Member(Process process) {
    this.process = process;
  }

  /** Is connected, and has not joined yet: starting a JVM is not what is measured. */
  static Member connected(Consumers.Place place, Duration lease, boolean settles) throws IOException {
    var process = new ProcessBuilder(List.of(System.getProperty("java.home") + "/bin/java", "-Xmx96m",
        "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--sun-misc-unsafe-memory-access=allow",
        "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), Member.class.getName(),
        place.redis().url(place.database()), Integer.toString(place.partitioning().count()),
        Long.toString(lease.toMillis()), Boolean.toString(settles)))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    if (process.getInputStream().read() < 0) {
      throw new IOException("a member ended before it was connected");
    }
    return new Member(process);
  }

  void join() throws IOException {
    say();
  }

  /** In order. */
  void leave() throws IOException {
    say();
  }

  private void say() throws IOException {
    OutputStream ears = process.getOutputStream();
    ears.write('\n');
    ears.flush();
  }

  /** Without a word. */
  void die() {
    process.destroyForcibly();
  }

  /** Blocks until it has ended. */
  @Override
  public void close() throws IOException {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(LEAVES_WITHIN)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Joins when it is told something, and leaves when it is told something again, or when nobody can any more. */
  public static void main(String... arguments) throws IOException {
    var partitioning = new Partitioning(Integer.parseInt(arguments[1]));
    var lease = Duration.ofMillis(Long.parseLong(arguments[2]));
    boolean settles = Boolean.parseBoolean(arguments[3]);
    var never = new CountDownLatch(1);
    try (RedisMessaging messaging = RedisMessaging
        .open(Consumers.settings(arguments[0], lease, partitioning), DeliveryMonitor.NONE)) {
      var _ = messaging.health();
      Main.say("connected");
      if (System.in.read() >= 0) {
        var _ = messaging.subscriber().subscribe(Ours.USERS.ordered(Ordering.PER_KEY), _ -> {
          if (!settles) {
            never.await();
          }
          return Outcome.SETTLED;
        });
        int _ = System.in.read();
      }
    }
    System.exit(0);
  }
}
