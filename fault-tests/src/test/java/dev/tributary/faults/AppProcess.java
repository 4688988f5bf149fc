package dev.tributary.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tributary, or a worker of a test, in a JVM of its own, that tests may kill. */
final class AppProcess implements AutoCloseable {

  private static final Pattern HEALTH = Pattern.compile(".*health +(http://\\S+)/health/ready");
  private static final int STARTS_WITHIN_SECONDS = 60;
  private static final Path JAR = Path.of("..", "bootstrap", "target", "tributary.jar").toAbsolutePath().normalize();
  private static final Set<String> INHERITED = Set.of("PATH", "HOME", "TMPDIR", "LANG");
  /** Made for starting often, on a machine that has other things to do. */
  static final List<String> OPTIONS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m",
      "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

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
    var options = new ArrayList<>(OPTIONS);
    AheadOfTime.cache().ifPresent(cache -> options.add("-XX:AOTCache=" + cache));
    return start(settings, options, arguments);
  }

  /** The jar that users run, in an environment that has no setting but those given. */
  static AppProcess start(Map<String, String> settings, List<String> options, List<String> arguments)
      throws IOException {
    var command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
    command.addAll(options);
    command.addAll(List.of("-jar", JAR.toString()));
    command.addAll(arguments);
    return launch(command, settings);
  }

  /** A program of the tests themselves. It serves nothing: what it is up to, its {@link #lines} tell. */
  static AppProcess startMain(Class<?> program, Map<String, String> settings) throws IOException {
    var command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
    command.addAll(OPTIONS);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    return launch(command, settings);
  }

  private static AppProcess launch(List<String> command, Map<String, String> settings) throws IOException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().retainAll(INHERITED);
    builder.environment().put("PORT", "0");
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

  boolean isAlive() {
    return process.isAlive();
  }

  void kill() {
    process.destroyForcibly();
  }

  /** As if the machine had forgotten it: it keeps its connections, and does nothing until {@link #goOn}. */
  void stop() throws IOException, InterruptedException {
    signal("STOP");
  }

  void goOn() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  /** @return the exit code */
  int terminate(int withinSeconds) throws IOException, InterruptedException {
    // Process.destroy would close its output too, and what it says at the end would break it.
    signal("TERM");
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
