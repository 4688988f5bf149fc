package dev.tributary.adapters.redis;

import io.lettuce.core.RedisURI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where Redis is, as a URL says it.
 *
 * @param servers one; of a cluster those to ask first, all with the same user
 * @param cluster whether they are nodes of a Redis Cluster
 */
record Address(List<RedisURI> servers, boolean cluster) {

  /** A name, or an IP address: Lettuce takes whatever follows a colon and is no port for a part of the host. */
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+|\\[?[0-9A-Fa-f:.%]+\\]?");
  private static final String FLAG = "cluster";

  /** @throws IllegalArgumentException if the URL is none that we know; its message does not show the URL */
  static Address of(String url) {
    int query = url.indexOf('?');
    List<String> parameters = query < 0 ? List.of() : List.of(url.substring(query + 1).split("&", -1));
    return query >= 0 && parameters.contains(FLAG)
        ? cluster(url.substring(0, query), parameters.stream().filter(each -> !each.equals(FLAG)).toList())
        : new Address(List.of(server(url)), false);
  }

  private static RedisURI server(String url) {
    try {
      RedisURI uri = RedisURI.create(url);
      boolean valid = uri.getSentinels().isEmpty()
          ? uri.getHost() != null && HOST.matcher(uri.getHost()).matches()
          : uri.getSentinelMasterId() != null;
      if (valid) {
        return uri;
      }
    } catch (RuntimeException _) {
      // Lettuce says what is wrong in words that show the password.
    }
    throw new IllegalArgumentException("must be redis://[user:pass@]host:port[/db], rediss://…,"
        + " redis-sentinel://…#master, or redis://[user:pass@]host:port,host:port?cluster");
  }

  private static Address cluster(String url, List<String> parameters) {
    int hosts = Math.max(url.indexOf("://") + 3, url.lastIndexOf('@') + 1);
    int path = url.indexOf('/', hosts);
    String database = path < 0 ? "" : url.substring(path);
    if (url.startsWith("redis-sentinel:") || !Stream.of("", "/", "/0").toList().contains(database)) {
      throw new IllegalArgumentException(
          "with ?cluster must begin with redis:// or rediss://, and name no database but 0");
    }
    String rest = parameters.isEmpty() ? "" : "?" + String.join("&", parameters);
    String[] each = url.substring(hosts, path < 0 ? url.length() : path).split(",", -1);
    var servers = new ArrayList<RedisURI>();
    Arrays.stream(each).map(host -> server(url.substring(0, hosts) + host + rest)).forEach(servers::add);
    return new Address(List.copyOf(servers), true);
  }
}
