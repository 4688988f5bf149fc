package dev.tributary.adapters.traces;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Where traces go.
 *
 * @param otlp base URL of an OTLP receiver over HTTP, {@code http} or {@code https}; spans go to {@code /v1/traces} below it. Empty: traces are
 *        carried on and begun, but nothing is recorded
 * @param share of the traces that begin here, how many are recorded: 0.0–1.0. Of a trace that came in, its sender has decided
 * @param messagingSystem what the log is, in one word
 */
public record TraceSettings(Optional<URI> otlp, double share, String messagingSystem) {

  private static final int HIGHEST_PORT = 65_535;

  /** @throws IllegalArgumentException with a message that shows no URL */
  public TraceSettings {
    otlp.ifPresent(TraceSettings::requireOtlp);
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("the share must be from 0 to 1");
    }
  }

  private static void requireOtlp(URI uri) {
    require(uri.getScheme() != null && Set.of("http", "https").contains(uri.getScheme().toLowerCase(Locale.ROOT)),
        "must start with http:// or https://");
    require(uri.getHost() != null, "must name a host, of letters, digits, dots and hyphens");
    require(uri.getPort() != 0 && uri.getPort() <= HIGHEST_PORT, "must have a port from 1 to 65535");
    require(uri.getRawUserInfo() == null, "must not have a user or a password");
    require(uri.getRawQuery() == null && uri.getRawFragment() == null, "must not have a query or a fragment");
  }

  private static void require(boolean kept, String rule) {
    if (!kept) {
      throw new IllegalArgumentException(rule);
    }
  }
}
