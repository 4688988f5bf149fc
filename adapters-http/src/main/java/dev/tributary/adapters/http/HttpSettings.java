package dev.tributary.adapters.http;

/**
 * Where and what to serve.
 *
 * @param host the address to bind, or a name of it
 * @param port 0–65535; 0 takes a free one
 * @param intake whether to serve users and orders; without it there is only {@code /health}
 */
public record HttpSettings(String host, int port, boolean intake) {

  private static final int HIGHEST_PORT = 65_535;

  /** @throws IllegalArgumentException if the host is blank or the port out of bounds */
  public HttpSettings {
    if (host.isBlank()) {
      throw new IllegalArgumentException("the host must not be blank");
    }
    if (port < 0 || port > HIGHEST_PORT) {
      throw new IllegalArgumentException("the port must be from 0 to " + HIGHEST_PORT + ": " + port);
    }
  }
}
