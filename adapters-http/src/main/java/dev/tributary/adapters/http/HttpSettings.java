package dev.tributary.adapters.http;

/**
 * Where and what to serve.
 *
 * @param host the address to bind, or a name of it
 * @param port 0–65535; 0 takes a free one
 * @param intake whether to serve users, orders and operators; without it there are only {@code /health} and {@code /metrics}
 * @param opsToken what operators identify themselves with
 */
public record HttpSettings(String host, int port, boolean intake, String opsToken) {

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

  /** Without the token. */
  @Override
  public String toString() {
    return "HttpSettings[host=" + host + ", port=" + port + ", intake=" + intake + "]";
  }
}
