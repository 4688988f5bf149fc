package dev.tributary.adapters.gateways;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * A mail server and how to log in to it.
 *
 * @param protocol {@code smtp} or {@code smtps}
 */
record SmtpServer(String protocol, String host, int port, Optional<Login> login) {

  private static final int SMTP = 25;
  private static final int SMTPS = 465;

  /** @param uri as {@link GatewaySettings} lets it pass */
  static SmtpServer of(URI uri) {
    String protocol = uri.getScheme().toLowerCase(Locale.ROOT);
    int defaultPort = protocol.equals("smtps") ? SMTPS : SMTP;
    return new SmtpServer(protocol, uri.getHost(), uri.getPort() < 0 ? defaultPort : uri.getPort(),
        Optional.ofNullable(uri.getRawUserInfo()).map(Login::of));
  }

  record Login(String user, String password) {

    private static Login of(String rawUserInfo) {
      int colon = rawUserInfo.indexOf(':');
      return new Login(decode(rawUserInfo.substring(0, colon)), decode(rawUserInfo.substring(colon + 1)));
    }

    /** URLDecoder is made for forms, where a plus is a space; in a URL it is a plus. */
    private static String decode(String raw) {
      return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Keeps the password out of logs. */
    @Override
    public String toString() {
      return "Login[***]";
    }
  }
}
