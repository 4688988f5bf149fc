package dev.tributary.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server in a process of its own: the product's jar, {@link BareServer}, or the one in {@code benchmarks/express}. */
final class App implements AutoCloseable {

  private static final Pattern HEALTH = Pattern.compile(".*health +http://[^:]+:(\\d+)/.*");
  private static final Pattern CPU_TIMES = Pattern.compile("^.*\\) \\S( \\S+){10} (\\d+) (\\d+) .*$", Pattern.DOTALL);
  private static final double MICROS_PER_TICK = 10_000;

  private final Process process;
  private final CompletableFuture<Integer> port = new CompletableFuture<>();

  private App(List<String> command, Map<String, String> settings) throws IOException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PORT", "0");
    builder.environment().putAll(settings);
    process = builder.start();
    Thread.ofVirtual().start(this::readOn);
  }

  /** @param flags of the JVM */
  static App product(BenchRedis redis, List<String> flags) throws IOException {
    var arguments = new ArrayList<>(flags);
    arguments.addAll(List.of("--sun-misc-unsafe-memory-access=allow", "-jar",
        Path.of("bootstrap", "target", "tributary.jar").toString()));
    return java(arguments, redis);
  }

  static App bare(BenchRedis redis, List<String> flags) throws IOException {
    var arguments = new ArrayList<>(flags);
    arguments.addAll(List.of("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED", "-cp",
        System.getProperty("java.class.path"), BareServer.class.getName()));
    return java(arguments, redis);
  }

  private static App java(List<String> arguments, BenchRedis redis) throws IOException {
    var command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
    command.addAll(arguments);
    return new App(command, Map.of("REDIS_URL", redis.url()));
  }

  /** Its libraries come from their registry, once. Empty where there is no Node. */
  static Optional<App> express(BenchRedis redis) throws IOException, InterruptedException {
    Path folder = Path.of("benchmarks", "target", "express");
    Files.createDirectories(folder);
    for (String file : List.of("package.json", "server.js")) {
      Files.copy(Path.of("benchmarks", "express", file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    try {
      int code = new ProcessBuilder("npm", "install", "--no-audit", "--no-fund", "--silent").directory(folder.toFile())
          .inheritIO()
          .start()
          .waitFor();
      return code == 0
          ? Optional.of(new App(List.of("node", folder.resolve("server.js").toString()),
              Map.of("REDIS_URL", redis.url(), "NODE_ENV", "production")))
          : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private void readOn() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        Matcher health = HEALTH.matcher(line);
        if (health.matches()) {
          port.complete(Integer.parseInt(health.group(1)));
        }
      }
      port.completeExceptionally(new IllegalStateException("ended before it served"));
    } catch (IOException e) {
      port.completeExceptionally(e);
    }
  }

  /** Blocks until it serves. */
  int port() throws InterruptedException, ExecutionException {
    return port.get();
  }

  /** User and system time, in µs since its start. Linux only. */
  double cpuMicros() throws IOException {
    Matcher times = CPU_TIMES.matcher(Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat")));
    if (!times.matches()) {
      throw new IOException("no CPU times of " + process.pid());
    }
    return (Long.parseLong(times.group(2)) + Long.parseLong(times.group(3))) * MICROS_PER_TICK;
  }

  /** Resident memory in MB. Linux only. */
  double residentMegabytes() throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))
        .stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() throws IOException {
    try {
      // Not Process.destroy, which closes its output as well: then no AOT cache is written.
      new ProcessBuilder("kill", "-TERM", Long.toString(process.pid())).start().waitFor();
      process.waitFor();
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
