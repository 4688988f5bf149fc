package dev.tributary.bootstrap;

import dev.tributary.application.Doctor;
import dev.tributary.application.Groups;
import dev.tributary.application.Messaging;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** Starts a process, and stops it on SIGTERM or Ctrl-C. Exit codes: 0 stopped in order, 1 could not start or the doctor found
 * something, 2 bad settings or arguments. */
public final class Main {

  private static final int FAILED = 1;
  private static final int MISUSED = 2;
  private static final Duration STOPS_WITHIN = Duration.ofMillis(9_500);

  private static final String USAGE = """
      Usage: ./run            starts Tributary
             ./run doctor     examines the store and says what is wrong with it
             ./run --help     prints this

      Settings are environment variables; durations are a whole number with ms, s, m, h or d, up to 36500d:

      """;

  private Main() {}

  public static void main(String[] args) throws InterruptedException {
    if (List.of(args).contains("--help")) {
      System.out.print(USAGE + Setting.help());
      return;
    }
    boolean examines = args.length == 1 && args[0].equals("doctor");
    if (args.length > 0 && !examines) {
      exit(MISUSED, "Unknown argument: " + args[0] + "; see ./run --help");
    }
    LogFormat.begin(System.getenv());
    try {
      Settings settings = SettingsReader.read(System.getenv());
      if (examines) {
        examine(settings);
      } else {
        serve(settings);
      }
    } catch (SettingsException e) {
      exit(MISUSED, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      exit(FAILED, "Cannot start: " + e.getMessage());
    } catch (UncheckedIOException e) {
      exit(FAILED, "Cannot start: " + Objects.requireNonNull(e.getCause()).getMessage());
    }
  }

  /** Prints what is wrong with the store and how to mend it. Exit code 0 if nothing is, else 1. */
  private static void examine(Settings settings) throws InterruptedException {
    List<Doctor.Finding> findings;
    try (Store store = openToExamine(settings)) {
      Messaging messaging = store.messaging();
      System.out.println("Examining " + store.words());
      findings = new Doctor(messaging, Groups.DECLARED, InstantSource.system()).examine();
    }
    findings
        .forEach(finding -> System.out
            .println("- " + finding.what() + System.lineSeparator() + "  remedy: " + finding.remedy()));
    System.out.println(findings.isEmpty() ? "Nothing is wrong." : findings.size() + " findings.");
    System.exit(findings.isEmpty() ? 0 : FAILED);
  }

  /** A bundled server has one process. One that runs is reached through that process, or at the address that it printed. */
  private static Store openToExamine(Settings settings) throws InterruptedException {
    try {
      return Store.openToExamine(settings);
    } catch (IOException e) {
      exit(FAILED, "Cannot examine: " + e.getMessage() + System.lineSeparator()
          + "If Tributary runs on it, ask that process: its page at /ops shows the doctor's findings, and GET /ops/doctor gives them. "
          + "Or set REDIS_URL to the Redis that it printed when it started.");
      throw new IllegalStateException("has ended", e);
    }
  }

  private static void serve(Settings settings) throws IOException, InterruptedException {
    var started = new CompletableFuture<Tributary>();
    // Before the start, which takes a while: a stop that comes meanwhile is one in order too.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(started), "shutdown"));
    Tributary tributary;
    try {
      tributary = Tributary.start(settings);
      started.complete(tributary);
    } finally {
      // Does nothing to what has started.
      started.cancel(false);
    }
    tributary.greeting().forEach(System.out::println);
    tributary.warnings().forEach(warning -> System.out.println("  warning    " + warning));
    new CountDownLatch(1).await();
  }

  /**
   * A stop that was asked for is no failure: 0, where the JVM would say 143. Where Redis does not answer any more, what is in hand cannot be
   * given back; it comes again when its lease has run out, and nobody waits for it here.
   */
  private static void stop(CompletableFuture<Tributary> started) {
    if (started.isCancelled()) {
      return; // It could not start, which has an exit code of its own.
    }
    Thread closing = Thread.ofPlatform().daemon().start(() -> closeOnceStarted(started));
    try {
      System.out.println(closing.join(STOPS_WITHIN)
          ? "Tributary has stopped."
          : "Tributary has stopped; Redis did not answer in time.");
    } catch (InterruptedException _) {
      System.out.println("Tributary was interrupted while it stopped.");
    }
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  private static void closeOnceStarted(CompletableFuture<Tributary> started) {
    try {
      started.join().close();
    } catch (CancellationException _) {
      // It turned out that it could not start: nothing is left to close.
    }
  }

  private static void exit(int code, String words) {
    System.err.println(words);
    System.exit(code);
  }
}
