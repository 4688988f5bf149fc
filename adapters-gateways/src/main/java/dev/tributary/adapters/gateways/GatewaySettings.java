package dev.tributary.adapters.gateways;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Where the services are. One that is left out is simulated.
 *
 * @param smtp {@code smtp://[user:pass@]host[:port]}, port 25 by default, with STARTTLS where the server offers it; or {@code smtps://…}, port
 *        465 by default, TLS from the first byte. User and password are percent-encoded
 * @param payments base URL, {@code http} or {@code https}; it may have a path, with or without a slash at its end
 * @param shipping as {@code payments}
 */
public record GatewaySettings(Optional<URI> smtp, Optional<URI> payments, Optional<URI> shipping) {

  /** All is simulated. */
  public static final GatewaySettings SIMULATED = new GatewaySettings(Optional.empty(), Optional.empty(),
      Optional.empty());

  private static final int HIGHEST_PORT = 65_535;

  /** @throws IllegalArgumentException with a message that names every fault and shows no URL: there may be a password in it */
  public GatewaySettings {
    var faults = new ArrayList<String>();
    smtp.ifPresent(uri -> smtpFaults(uri).forEach(fault -> faults.add("smtp " + fault)));
    payments.ifPresent(uri -> httpFaults(uri).forEach(fault -> faults.add("payments " + fault)));
    shipping.ifPresent(uri -> httpFaults(uri).forEach(fault -> faults.add("shipping " + fault)));
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
  }

  private static List<String> smtpFaults(URI uri) {
    List<String> faults = addressFaults(uri, Set.of("smtp", "smtps"));
    String userInfo = uri.getRawUserInfo();
    if (userInfo != null && userInfo.indexOf(':') < 1) {
      faults.add("must have user:pass before the @, or nothing");
    }
    String path = uri.getRawPath();
    if (path != null && !path.isEmpty() && !path.equals("/")) {
      faults.add("must not have a path");
    }
    return faults;
  }

  private static List<String> httpFaults(URI uri) {
    List<String> faults = addressFaults(uri, Set.of("http", "https"));
    if (uri.getRawUserInfo() != null) {
      faults.add("must not have a user or a password");
    }
    return faults;
  }

  private static List<String> addressFaults(URI uri, Set<String> schemes) {
    var faults = new ArrayList<String>();
    if (uri.getScheme() == null || !schemes.contains(uri.getScheme().toLowerCase(Locale.ROOT))) {
      faults.add("must start with " + String.join(":// or ", schemes.stream().sorted().toList()) + "://");
    }
    if (uri.getHost() == null) {
      faults.add("must name a host, of letters, digits, dots and hyphens");
    }
    if (uri.getPort() == 0 || uri.getPort() > HIGHEST_PORT) {
      faults.add("must have a port from 1 to 65535");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      faults.add("must not have a query or a fragment");
    }
    return faults;
  }

  /** Without user and password. */
  @Override
  public String toString() {
    return "GatewaySettings[smtp=" + place(smtp) + ", payments=" + place(payments) + ", shipping=" + place(shipping)
        + "]";
  }

  private static String place(Optional<URI> uri) {
    return uri.map(known -> known.getScheme() + "://" + known.getHost()
        + (known.getPort() < 0 ? "" : ":" + known.getPort()) + known.getRawPath()).orElse("simulated");
  }
}
