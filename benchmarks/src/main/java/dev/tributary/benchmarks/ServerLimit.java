package dev.tributary.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code redis-benchmark}: what the server itself can do, when the client costs next to nothing. */
final class ServerLimit implements Contender {

  private final Path program;
  private final BenchRedis redis;

  private ServerLimit(Path program, BenchRedis redis) {
    this.program = program;
    this.redis = redis;
  }

  /** @return empty where the program is not on the path */
  static Optional<Contender> publishing(BenchRedis redis) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .map(folder -> Path.of(folder, "redis-benchmark"))
        .filter(Files::isExecutable)
        .findFirst()
        .map(program -> new ServerLimit(program, redis));
  }

  @Override
  public String name() {
    return "redis-benchmark -P 100 -c 1 XADD (its own CPU is not counted)";
  }

  @Override
  public void prepare(int events) {}

  @Override
  public void run(int events) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(program.toString(), "-p", Integer.toString(redis.port()), "-n",
        Integer.toString(events), "-P", Integer.toString(Samples.BATCH), "-c", "1", "-q", "XADD", Wire.USERS, "*", "id",
        "01890a5d-ac96-774b-bcce-b302099a8057", "type", "user_created", "key", "user-12345", "timestamp",
        "1700000000000", "event", "{" + "x".repeat(120) + "}").redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
    if (process.waitFor() != 0) {
      throw new IOException("redis-benchmark ended with " + process.exitValue());
    }
  }
}
