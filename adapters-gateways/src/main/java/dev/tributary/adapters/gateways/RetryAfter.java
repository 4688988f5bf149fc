package dev.tributary.adapters.gateways;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/** The header {@code Retry-After} (RFC 9110, 10.2.3), as seconds or as a date. */
final class RetryAfter {

  private static final Duration LONGEST = Duration.ofDays(1);
  private static final Pattern SECONDS = Pattern.compile("[0-9]+");
  /** More digits than this are more than a day, and could be more than a long holds. */
  private static final int MOST_DIGITS = 9;

  private RetryAfter() {}

  /** @return 0 to 1 day: what lies outside is moved to the nearer end; empty if the header is missing or means nothing */
  static Optional<Duration> of(HttpHeaders headers, Instant now) {
    return headers.firstValue("Retry-After")
        .map(String::strip)
        .flatMap(value -> parse(value, now))
        .map(RetryAfter::clamp);
  }

  private static Optional<Duration> parse(String value, Instant now) {
    if (SECONDS.matcher(value).matches()) {
      return Optional.of(value.length() > MOST_DIGITS ? LONGEST : Duration.ofSeconds(Long.parseLong(value)));
    }
    try {
      return Optional.of(Duration.between(now, DateTimeFormatter.RFC_1123_DATE_TIME.parse(value, Instant::from)));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  private static Duration clamp(Duration asked) {
    if (asked.isNegative()) {
      return Duration.ZERO;
    }
    return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
  }
}
