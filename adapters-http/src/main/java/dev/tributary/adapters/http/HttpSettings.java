package dev.tributary.adapters.http;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Where and what to serve.
 *
 * @param host the address to bind, or a name of it
 * @param port 0–65535; 0 takes a free one
 * @param intake whether to serve users, orders and operators; without it there are only {@code /health} and {@code /metrics}
 * @param opsToken what operators identify themselves with
 */
public record HttpSettings(String host, int port, boolean intake, String opsToken, Limits limits) {

  private static final int HIGHEST_PORT = 65_535;

  /** @throws IllegalArgumentException if the host or the token is blank or the port out of bounds */
  public HttpSettings {
    if (host.isBlank()) {
      throw new IllegalArgumentException("the host must not be blank");
    }
    if (opsToken.isBlank()) {
      throw new IllegalArgumentException("the operators' token must not be blank");
    }
    if (port < 0 || port > HIGHEST_PORT) {
      throw new IllegalArgumentException("the port must be from 0 to " + HIGHEST_PORT + ": " + port);
    }
  }

  /** With the usual limits. */
  public HttpSettings(String host, int port, boolean intake, String opsToken) {
    this(host, port, intake, opsToken, Limits.DEFAULTS);
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "HttpSettings[host=" + host + ", port=" + port + ", intake=" + intake + "]";
  }

  /**
   * What clients may take up.
   *
   * @param connections open at the same time, at least 1; more have to wait until one closes
   * @param ratePerSecond requests of one client address, at least 1; a second's worth may come at once; empty for any number
   * @param trustedProxies addresses or networks ({@code 10.0.0.0/8}) whose {@code X-Forwarded-For} and {@code X-Forwarded-Proto} are believed
   * @param backlog of order events, at least 1: while a group has more unsettled, orders are refused; empty for any number
   * @param headTime how long the head of a request may take from its first byte to its last; more than 0. It may be a tenth of it late
   * @param bodyTime likewise for its body, as late; more than 0
   * @param idleTime how long a connection may neither bring nor take a byte, in whole milliseconds; 0 for ever. Times are not checked
   */
  public record Limits(int connections, OptionalInt ratePerSecond, List<String> trustedProxies, OptionalLong backlog,
      Duration headTime, Duration bodyTime, Duration idleTime) {

    public static final Limits DEFAULTS = new Limits(1000, OptionalInt.empty(), List.of(), OptionalLong.empty(),
        Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(30));

    /** @throws IllegalArgumentException if a proxy is neither an address nor a network, or a number is below 1 */
    public Limits {
      trustedProxies = List.copyOf(trustedProxies);
      var _ = TrustedProxies.of(trustedProxies);
      if (connections < 1 || ratePerSecond.orElse(1) < 1 || backlog.orElse(1) < 1) {
        throw new IllegalArgumentException("limits must be at least 1");
      }
    }
  }
}
