package dev.tributary.adapters.redis;

import dev.tributary.application.StoreUnavailableException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks at how each server is set up, and says what of it can cost data, and what to do about it. Asks what every Redis from 7.0 on answers. */
final class ServerCheck {

  private static final int OLDEST = 7;
  private static final Pattern VERSION = Pattern.compile("\\d{1,4}\\..*");
  private static final String REFUSED = "refused";

  private final Connections connections;
  private final List<String> hosts;
  private final boolean hasPassword;
  private final int replicas;

  /** @param replicas that are asked for */
  ServerCheck(Connections connections, String url, int replicas) {
    this.connections = connections;
    this.replicas = replicas;
    this.hosts = Address.of(url).servers().stream().flatMap(uri -> hosts(uri).stream()).toList();
    this.hasPassword = url.indexOf('@') >= 0;
  }

  private static List<String> hosts(RedisURI uri) {
    return uri.getSentinels().isEmpty()
        ? List.of(String.valueOf(uri.getHost()))
        : uri.getSentinels().stream().map(RedisURI::getHost).toList();
  }

  /** @return a line for each weakness, of each server that holds data; empty if there is none, or they are away */
  List<String> warnings() {
    try {
      var warnings = new ArrayList<String>();
      for (Member member : connections.members()) {
        String name = member.name().isEmpty() ? "" : member.name() + ": ";
        warnings(member).forEach(warning -> warnings.add(name + warning));
      }
      password().ifPresent(warnings::add);
      return warnings;
    } catch (StoreUnavailableException _) {
      return List.of();
    }
  }

  private List<String> warnings(Member member) {
    try {
      RedisClusterAsyncCommands<String, byte[]> redis = connections.counted(member.commands().get());
      Map<String, String> info = info(redis);
      return Stream.of(version(info), durability(redis, info), eviction(info), memory(info), replication(info))
          .flatMap(Optional::stream)
          .toList();
    } catch (StoreUnavailableException e) {
      return RedisFailure.says(e, "NOPERM")
          ? List.of("how the server is set up is unknown, for our user may not INFO; give it +info")
          : List.of();
    }
  }

  static Optional<String> version(Map<String, String> info) {
    String version = info.getOrDefault("redis_version", "");
    if (!VERSION.matcher(version).matches()) {
      return Optional.of("the server calls its version '" + version
          + "', and this program needs what Redis 7.0 can do; see that it can do that");
    }
    return Integer.parseInt(version.substring(0, version.indexOf('.'))) < OLDEST
        ? Optional.of("Redis " + version + " is older than 7.0, and this program needs what came with 7.0; upgrade it")
        : Optional.empty();
  }

  private Optional<String> durability(RedisClusterAsyncCommands<String, byte[]> redis, Map<String, String> info) {
    if (!"1".equals(info.get("aof_enabled"))) {
      return Optional.of("appendonly is no (no AOF): what was confirmed is lost when Redis stops; set appendonly yes");
    }
    return switch (setting(redis, "appendfsync")) {
      case "always" -> Optional.empty();
      case REFUSED -> Optional.of("appendfsync is unknown, for CONFIG GET is not permitted; see that it is always");
      case String other -> Optional.of("appendfsync is " + other
          + ": a crash of the server loses what was confirmed in the last second or two; set appendfsync always");
    };
  }

  private Optional<String> replication(Map<String, String> info) {
    long connected = number(info, "connected_slaves");
    return connected < replicas
        ? Optional.of("of the " + replicas + " replicas that must have a commit before it counts, " + connected
            + " are connected: nothing is confirmed until they are; connect replicas, or set DURABILITY lower")
        : Optional.empty();
  }

  /** Any policy but noeviction may remove a key, and a stream is one key. */
  private static Optional<String> eviction(Map<String, String> info) {
    String policy = info.getOrDefault("maxmemory_policy", "unknown");
    return policy.equals("noeviction")
        ? Optional.empty()
        : Optional.of("maxmemory-policy is " + policy
            + ": a full server may remove whole streams; set maxmemory-policy noeviction");
  }

  private static Optional<String> memory(Map<String, String> info) {
    long most = number(info, "maxmemory");
    return most > 0 && number(info, "used_memory") >= most
        ? Optional.of("used_memory has reached maxmemory: nothing new is taken, and what is there is still worked on;"
            + " set maxmemory higher")
        : Optional.empty();
  }

  /** 0 where it is none. */
  private static long number(Map<String, String> info, String name) {
    String text = info.getOrDefault(name, "");
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }

  /** Needs no answer of the server. */
  Optional<String> password() {
    return hasPassword || hosts.stream().allMatch(ServerCheck::isLoopback)
        ? Optional.empty()
        : Optional.of(
            "there is no password, and the server is not on loopback: set requirepass or an ACL user, and name it in REDIS_URL");
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException _) {
      return false;
    }
  }

  private String setting(RedisClusterAsyncCommands<String, byte[]> redis, String name) {
    try {
      return connections.await(redis.configGet(name)).getOrDefault(name, "unknown");
    } catch (StoreUnavailableException e) {
      if (e.getCause() instanceof RedisCommandExecutionException) {
        return REFUSED;
      }
      throw e;
    }
  }

  private Map<String, String> info(RedisClusterAsyncCommands<String, byte[]> redis) {
    String text = connections.await(redis.info());
    return text.lines()
        .filter(line -> line.indexOf(':') > 0)
        .collect(Collectors.toMap(line -> line.substring(0, line.indexOf(':')),
            line -> line.substring(line.indexOf(':') + 1).strip(),
            (first, _) -> first));
  }
}
