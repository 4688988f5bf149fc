package dev.tributary.bootstrap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Starts a process, and stops it on SIGTERM or Ctrl-C. Exit codes: 0 stopped in order, 1 could not start, 2 bad settings or arguments. */
public final class Main {

  private static final int FAILED = 1;
  private static final int MISUSED = 2;
  private static final Duration STOPS_WITHIN = Duration.ofMillis(9_500);

  private Main() {}

  public static void main(String[] args) throws InterruptedException {
    if (List.of(args).contains("--help")) {
      System.out.print("Usage: ./run [--help]%n%nSettings are environment variables:%n%n%s".formatted(Setting.help()));
      return;
    }
    if (args.length > 0) {
      exit(MISUSED, "Unknown argument: " + args[0] + "; see ./run --help");
    }
    try {
      serve(SettingsReader.read(System.getenv()));
    } catch (SettingsException e) {
      exit(MISUSED, String.valueOf(e.getMessage()));
    } catch (IOException | UncheckedIOException e) {
      exit(FAILED, "Cannot start: " + e.getMessage());
    }
  }

  private static void serve(Settings settings) throws IOException, InterruptedException {
    Tributary tributary = Tributary.start(settings);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(tributary), "shutdown"));
    tributary.greeting().forEach(System.out::println);
    tributary.warnings().forEach(warning -> System.out.println("  warning    " + warning));
    new CountDownLatch(1).await();
  }

  /**
   * A stop that was asked for is no failure: 0, where the JVM would say 143. Where Redis does not answer any more, what is in hand cannot be
   * given back; it comes again when its lease has run out, and nobody waits for it here.
   */
  private static void stop(Tributary tributary) {
    Thread closing = Thread.ofPlatform().daemon().start(tributary::close);
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

  private static void exit(int code, String words) {
    System.err.println(words);
    System.exit(code);
  }
}
