package dev.tributary.bootstrap;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tributary in a JVM of its own, that tests may kill. */
final class AppProcess implements AutoCloseable {

  private static final Pattern HEALTH = Pattern.compile(".*health +(http://\\S+)/health/ready");
  private static final int STARTS_WITHIN_SECONDS = 60;

  private final Process process;
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<String> url = new CompletableFuture<>();

  private AppProcess(Process process) {
    this.process = process;
    Thread.ofVirtual().start(this::readOn);
  }

  /** Returns at once; {@link #url} waits until it serves. */
  static AppProcess start(Map<String, String> settings) throws IOException {
    return start(settings, List.of());
  }

  static AppProcess start(Map<String, String> settings, List<String> arguments) throws IOException {
    var command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC", "-Xmx256m",
        "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp",
        System.getProperty("java.class.path"),
        Main.class.getName()));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    for (Setting setting : Setting.values()) {
      builder.environment().remove(setting.name());
    }
    builder.environment().put(Setting.PORT.name(), "0");
    builder.environment().putAll(settings);
    return new AppProcess(builder.start());
  }

  private void readOn() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
        Matcher matcher = HEALTH.matcher(line);
        if (matcher.matches()) {
          url.complete(matcher.group(1));
        }
      }
      url.completeExceptionally(new IllegalStateException("ended before it served: " + lines));
    } catch (IOException e) {
      url.completeExceptionally(e);
    }
  }

  /** Blocks until it serves. */
  String url() throws Exception {
    return url.get(STARTS_WITHIN_SECONDS, TimeUnit.SECONDS);
  }

  boolean serves() {
    return url.isDone() && !url.isCompletedExceptionally() && process.isAlive();
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  void kill() {
    process.destroyForcibly();
  }

  /** @return the exit code */
  int terminate(int withinSeconds) throws InterruptedException {
    process.destroy();
    return await(withinSeconds);
  }

  int await(int withinSeconds) throws InterruptedException {
    if (!process.waitFor(withinSeconds, TimeUnit.SECONDS)) {
      throw new IllegalStateException("still runs after " + withinSeconds + " s: " + lines);
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    kill();
  }
}
