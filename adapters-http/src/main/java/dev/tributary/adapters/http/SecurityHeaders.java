package dev.tributary.adapters.http;

import java.util.Map;

/** What every answer tells a browser: to take nothing of it for what it is not, to show it in no frame, and to tell nobody where it came from. */
final class SecurityHeaders {

  /** A page says more of what it may load. */
  static final Map<String, String> ALL = Map.of(
      "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
      "X-Content-Type-Options", "nosniff",
      "X-Frame-Options", "DENY",
      "Referrer-Policy", "no-referrer",
      "Cache-Control", "no-store");

  private SecurityHeaders() {}
}
