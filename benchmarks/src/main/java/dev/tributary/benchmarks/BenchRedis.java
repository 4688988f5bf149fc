package dev.tributary.benchmarks;

import dev.tributary.application.Groups;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.redisserver.RedisServer;
import dev.tributary.redisserver.RedisServerSettings;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** A redis-server that does nothing else, and what it counts. */
final class BenchRedis implements AutoCloseable {

  private static final double MICROS_PER_SECOND = 1e6;
  private static final int DATABASES = 64;
  private static final Pattern COMMAND = Pattern.compile("cmdstat_(\\S+?):calls=(\\d+),usec=(\\d+)");

  private final String durability;
  private final RedisServer server;
  private final RedisClient client;
  private final RedisCommands<String, String> redis;

  /** A command's share, since the counters were reset. */
  record Command(long calls, long micros) {}

  private BenchRedis(String durability, RedisServer server) {
    this.durability = durability;
    this.server = server;
    this.client = RedisClient.create(server.url());
    this.redis = client.connect().sync();
  }

  static BenchRedis inMemory(Path directory) throws IOException, InterruptedException {
    return new BenchRedis("memory only", RedisServer
        .start(settings(directory.resolve("memory"))
            .withOptions("--appendonly", "no", "--databases", Integer.toString(DATABASES))));
  }

  static BenchRedis durable(Path directory) throws IOException, InterruptedException {
    return new BenchRedis("appendfsync always", RedisServer
        .start(settings(directory.resolve("always")).withOptions("--auto-aof-rewrite-percentage", "0")));
  }

  /** What REDIS_SERVER names, else the bundled one, which is not as fast as a distribution's. */
  private static RedisServerSettings settings(Path directory) {
    var settings = RedisServerSettings.in(directory);
    String server = System.getenv().getOrDefault("REDIS_SERVER", "");
    return server.isEmpty() ? settings : settings.with(Path.of(server).toAbsolutePath());
  }

  /** Its version, and how it gets memory, which tells how it was built. */
  String build() {
    return "redis-server %s, %s".formatted(value(redis.info("server"), "redis_version"),
        value(redis.info("memory"), "mem_allocator"));
  }

  String durability() {
    return durability;
  }

  String url() {
    return server.url();
  }

  /** @param database from 0 to 63, where the server is {@link #inMemory} */
  String url(int database) {
    return url() + "/" + database;
  }

  int port() {
    return server.port();
  }

  void empty() {
    redis.flushall();
  }

  /** User and system time of the server, in µs since its start. */
  double cpuMicros() {
    String info = redis.info("cpu");
    return (number(info, "used_cpu_user") + number(info, "used_cpu_sys")) * MICROS_PER_SECOND;
  }

  long bytesIn() {
    return (long) number(redis.info("stats"), "total_net_input_bytes");
  }

  long bytesOut() {
    return (long) number(redis.info("stats"), "total_net_output_bytes");
  }

  /** Where there is an append-only file. */
  long appendOnlyBytes() {
    return (long) number(redis.info("persistence"), "aof_current_size");
  }

  void resetCounters() {
    redis.configResetstat();
  }

  Map<String, Command> commands() {
    var commands = new LinkedHashMap<String, Command>();
    COMMAND.matcher(redis.info("commandstats"))
        .results()
        .forEach(found -> commands.put(found.group(1), command(found)));
    return commands;
  }

  private static Command command(MatchResult found) {
    return new Command(Long.parseLong(found.group(2)), Long.parseLong(found.group(3)));
  }

  private static double number(String info, String name) {
    return Double.parseDouble(value(info, name));
  }

  private static String value(String info, String name) {
    return info.lines()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElseThrow();
  }

  /** Who has how many partitions of a group that keeps order. */
  Map<String, Integer> owners(int database, SubscriptionSpec<?> spec, int partitions) {
    redis.select(database);
    try {
      var shares = new LinkedHashMap<String, Integer>();
      for (int i = 0; i < partitions; i++) {
        List<KeyValue<String, String>> lease = redis
            .hmget("{" + spec.topic().name() + "." + i + "}:lease:" + spec.group().name(), "owner", "until");
        if (lease.getFirst().hasValue() && Long.parseLong(lease.getLast().getValue()) > System.currentTimeMillis()) {
          shares.merge(lease.getFirst().getValue(), 1, Integer::sum);
        }
      }
      return shares;
    } finally {
      redis.select(0);
    }
  }

  /** Deliveries of a group that consumers have in hand, of all partitions together. */
  long pending(int database, SubscriptionSpec<?> spec, int partitions) {
    redis.select(database);
    try {
      return IntStream.range(0, partitions)
          .mapToLong(i -> redis.xpending(spec.topic().name() + "." + i, spec.group().name()).getCount())
          .sum();
    } finally {
      redis.select(0);
    }
  }

  /** Deliveries that are not settled yet, of both topics and all declared groups that are there; 0 while there is none. */
  long unsettled() {
    long unsettled = 0;
    for (SubscriptionSpec<?> spec : Groups.DECLARED) {
      String stream = spec.topic().name();
      if (redis.exists(stream) > 0) {
        unsettled += redis.xinfoGroups(stream).stream().mapToLong(group -> unsettled(group, spec.group().name())).sum();
      }
    }
    return unsettled;
  }

  /** A group as Redis tells of it: name, value, name, value … */
  private static long unsettled(Object told, String name) {
    var group = (List<?>) told;
    boolean isIt = name.equals(group.get(group.indexOf("name") + 1));
    return isIt
        ? (Long) group.get(group.indexOf("pending") + 1)
            + (group.get(group.indexOf("lag") + 1) instanceof Long lag ? lag : 0)
        : 0;
  }

  @Override
  public void close() {
    client.shutdown();
    server.close();
  }
}
