package dev.tributary.bootstrap;

import dev.tributary.adapters.gateways.GatewaySettings;
import dev.tributary.adapters.http.HttpSettings;
import dev.tributary.adapters.redis.RedisSettings;
import dev.tributary.adapters.traces.TraceSettings;
import dev.tributary.application.DeliverySettings;
import dev.tributary.application.Retention;
import dev.tributary.domain.messaging.Ordering;
import dev.tributary.domain.messaging.Partitioning;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads settings from the environment and collects every fault before it gives up. An empty variable counts as unset. */
final class SettingsReader {

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Pattern BRACKETED = Pattern.compile("^\\[([^\\[\\]]*:[^\\[\\]]*)]$");
  private static final Pattern SHARE = Pattern.compile("0|1|0\\.\\d{1,9}|1\\.0{1,9}");
  private static final Pattern REPLICAS = Pattern.compile("replicas:(\\d{1,3})");
  private static final Duration SHORTEST_LEASE = Duration.ofMillis(100);
  /** A hundred years. Beyond 292, nanoseconds don't fit into a long. */
  private static final Duration LONGEST = Duration.ofDays(36_500);
  private static final Set<String> REDIS_SCHEMES = Set.of("redis", "rediss", "redis-sentinel");

  private final Map<String, String> environment;
  private final List<String> faults = new ArrayList<>();

  private SettingsReader(Map<String, String> environment) {
    this.environment = environment;
  }

  /** @throws SettingsException if any setting is bad */
  static Settings read(Map<String, String> environment) throws SettingsException {
    var reader = new SettingsReader(environment);
    Settings settings = reader.read();
    if (!reader.faults.isEmpty()) {
      throw new SettingsException(reader.faults);
    }
    return settings;
  }

  private Settings read() {
    Optional<String> redisUrl = raw(Setting.REDIS_URL).filter(this::isRedisUrl);
    parsed(Setting.LOG_FORMAT, LogFormat.TEXT, LogFormat::of, "must be text or json");
    MessagingKind messaging = messaging();
    return new Settings(host(), number(Setting.PORT, 8080, 0, 65_535), messaging,
        redisUrl, dataDir(), roles(),
        gateways(), deliveries(), retention(), replicas(messaging),
        new Partitioning(number(Setting.PARTITIONS, 1, 1, Partitioning.MOST)),
        parsed(Setting.AFTER_DEAD_LETTER, Ordering.PER_KEY, SettingsReader::ordering, "must be go-on or park"),
        raw(Setting.OPS_TOKEN).map(token -> new OpsToken(token, false)).orElseGet(OpsToken::random), limits(),
        traces(messaging));
  }

  /** An IPv6 address may stand in brackets, as in a URL. */
  private String host() {
    return raw(Setting.HOST).map(host -> BRACKETED.matcher(host).replaceFirst("$1")).orElse("127.0.0.1");
  }

  private DeliverySettings deliveries() {
    DeliverySettings unsaid = DeliverySettings.DEFAULTS;
    Duration backoff = backoff();
    Duration longest = longestBackoff(backoff);
    int attempts = number(Setting.MAX_ATTEMPTS, unsaid.maxAttempts(), 1, 1000);
    int concurrency = number(Setting.CONCURRENCY, unsaid.concurrency(), 1, 10_000);
    Duration lease = lease();
    Duration handlerTimeout = duration(Setting.HANDLER_TIMEOUT, unsaid.handlerTimeout());
    return faults.isEmpty()
        ? new DeliverySettings(lease, attempts, backoff, longest, concurrency, unsaid.grace(), handlerTimeout)
        : unsaid;
  }

  private Retention retention() {
    return Retention.DEFAULT.withSpan(duration(Setting.RETENTION, Retention.DEFAULT.span()));
  }

  private HttpSettings.Limits limits() {
    HttpSettings.Limits unsaid = HttpSettings.Limits.DEFAULTS;
    int connections = number(Setting.MAX_CONNECTIONS, unsaid.connections(), 1, 1_000_000);
    OptionalInt rate = optionalNumber(Setting.RATE_LIMIT, 1_000_000);
    OptionalInt backlog = optionalNumber(Setting.MAX_BACKLOG, 100_000_000);
    List<String> proxies = raw(Setting.TRUSTED_PROXIES)
        .map(text -> Arrays.stream(text.split(",", -1)).map(String::strip).toList())
        .orElse(List.of());
    try {
      return new HttpSettings.Limits(connections, rate, proxies,
          backlog.isPresent() ? OptionalLong.of(backlog.getAsInt()) : OptionalLong.empty(), unsaid.headTime(),
          unsaid.bodyTime(), unsaid.idleTime());
    } catch (IllegalArgumentException e) {
      fault(Setting.TRUSTED_PROXIES, String.valueOf(e.getMessage()));
      return unsaid;
    }
  }

  /** Empty if it is unset. */
  private OptionalInt optionalNumber(Setting setting, int most) {
    return raw(setting).isEmpty() ? OptionalInt.empty() : OptionalInt.of(number(setting, 1, 1, most));
  }

  private int replicas(MessagingKind messaging) {
    int replicas = parsed(Setting.DURABILITY, 0, SettingsReader::replicas,
        "must be local or replicas:N, N from 1 to 100");
    if (replicas > 0 && messaging != MessagingKind.REDIS) {
      fault(Setting.DURABILITY, "replicas need a Redis that has some: set REDIS_URL");
    }
    return replicas;
  }

  private static Optional<Ordering> ordering(String text) {
    return switch (text) {
      case "go-on" -> Optional.of(Ordering.PER_KEY);
      case "park" -> Optional.of(Ordering.PER_KEY_PARKED);
      default -> Optional.empty();
    };
  }

  private static Optional<Integer> replicas(String text) {
    if (text.equals("local")) {
      return Optional.of(0);
    }
    Matcher matcher = REPLICAS.matcher(text);
    return matcher.matches()
        ? Optional.of(Integer.valueOf(matcher.group(1))).filter(count -> count >= 1 && count <= 100)
        : Optional.empty();
  }

  private MessagingKind messaging() {
    boolean hasUrl = raw(Setting.REDIS_URL).isPresent();
    MessagingKind unsaid = hasUrl ? MessagingKind.REDIS : MessagingKind.EMBEDDED;
    MessagingKind kind = parsed(Setting.MESSAGING, unsaid, MessagingKind::of, "must be redis, embedded or memory");
    if (kind == MessagingKind.REDIS && !hasUrl) {
      fault(Setting.MESSAGING, "redis needs REDIS_URL");
    }
    return kind;
  }

  private Set<Role> roles() {
    var roles = EnumSet.noneOf(Role.class);
    for (String word : raw(Setting.ROLES).orElse("all").split(",", -1)) {
      if (word.strip().equals("all")) {
        roles.addAll(EnumSet.allOf(Role.class));
      } else {
        Role.of(word.strip())
            .ifPresentOrElse(roles::add, () -> fault(Setting.ROLES, "no such role: '" + word.strip() + "'"));
      }
    }
    return roles;
  }

  private GatewaySettings gateways() {
    Optional<URI> smtp = uri(Setting.SMTP_URL);
    Optional<URI> payments = uri(Setting.PAYMENTS_URL);
    Optional<URI> shipping = uri(Setting.SHIPPING_URL);
    try {
      return new GatewaySettings(smtp, payments, shipping);
    } catch (IllegalArgumentException e) {
      for (String fault : String.valueOf(e.getMessage()).split("; ", -1)) {
        faults.add(fault.replaceFirst("^smtp ", "SMTP_URL: ")
            .replaceFirst("^payments ", "PAYMENTS_URL: ")
            .replaceFirst("^shipping ",
                "SHIPPING_URL: "));
      }
      return GatewaySettings.SIMULATED;
    }
  }

  private TraceSettings traces(MessagingKind messaging) {
    Optional<URI> otlp = uri(Setting.OTEL_EXPORTER_OTLP_ENDPOINT);
    double share = parsed(Setting.OTEL_TRACES_SAMPLER_ARG, 1.0, SettingsReader::share,
        "must be a number from 0 to 1, such as 0.1");
    String system = messaging == MessagingKind.MEMORY ? "memory" : "redis";
    try {
      return new TraceSettings(otlp, share, system);
    } catch (IllegalArgumentException e) {
      fault(Setting.OTEL_EXPORTER_OTLP_ENDPOINT, String.valueOf(e.getMessage()));
      return new TraceSettings(Optional.empty(), share, system);
    }
  }

  private static Optional<Double> share(String text) {
    return Optional.of(text).filter(SHARE.asMatchPredicate()).map(Double::valueOf);
  }

  private Duration lease() {
    Duration lease = duration(Setting.LEASE, DeliverySettings.DEFAULTS.lease());
    if (lease.compareTo(SHORTEST_LEASE) < 0) {
      fault(Setting.LEASE, "must be at least 100ms");
    }
    return lease;
  }

  /** By default no longer than the longest, of which a fault is told there. */
  private Duration backoff() {
    Duration unsaid = DeliverySettings.DEFAULTS.retryBackoff();
    Duration longest = raw(Setting.RETRY_BACKOFF_MAX).flatMap(SettingsReader::duration)
        .filter(Duration::isPositive)
        .orElse(unsaid);
    return parsed(Setting.RETRY_BACKOFF, longest.compareTo(unsaid) < 0 ? longest : unsaid, SettingsReader::duration,
        "must be a whole number with ms, s, m, h or d, such as 1s, and not more than 36500d; 0s tries again at once");
  }

  private Duration longestBackoff(Duration backoff) {
    Duration unsaid = DeliverySettings.DEFAULTS.retryBackoffMax();
    Duration longest = duration(Setting.RETRY_BACKOFF_MAX, backoff.compareTo(unsaid) > 0 ? backoff : unsaid);
    if (longest.compareTo(backoff) < 0) {
      fault(Setting.RETRY_BACKOFF_MAX, "must not be less than RETRY_BACKOFF");
    }
    return longest;
  }

  private Path dataDir() {
    String text = raw(Setting.DATA_DIR).orElse("data");
    try {
      return Path.of(text);
    } catch (InvalidPathException _) {
      fault(Setting.DATA_DIR, "is no path");
      return Path.of("data");
    }
  }

  private boolean isRedisUrl(String url) {
    String scheme = url.contains("://") ? url.substring(0, url.indexOf("://")) : "";
    if (!REDIS_SCHEMES.contains(scheme)) {
      fault(Setting.REDIS_URL, "must begin with redis://, rediss:// or redis-sentinel://");
      return false;
    }
    try {
      var _ = new RedisSettings(url, DeliverySettings.DEFAULTS, Retention.DEFAULT);
    } catch (IllegalArgumentException e) {
      fault(Setting.REDIS_URL, String.valueOf(e.getMessage()));
      return false;
    }
    return true;
  }

  private Optional<URI> uri(Setting setting) {
    Optional<String> text = raw(setting);
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(new URI(text.get()));
    } catch (URISyntaxException _) {
      fault(setting, "is no URL");
      return Optional.empty();
    }
  }

  private Duration duration(Setting setting, Duration unsaid) {
    return parsed(setting, unsaid, text -> duration(text).filter(Duration::isPositive),
        "must be a whole number with ms, s, m, h or d, such as 30s, not 0, and not more than 36500d");
  }

  private static Optional<Duration> duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long amount = Long.parseLong(matcher.group(1));
    return Optional.of(switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    }).filter(duration -> duration.compareTo(LONGEST) <= 0);
  }

  private int number(Setting setting, int unsaid, int least, int most) {
    return parsed(setting, unsaid,
        text -> Optional.of(text)
            .filter(digits -> digits.matches("\\d{1,9}"))
            .map(Integer::valueOf)
            .filter(n -> n >= least && n <= most),
        "must be a whole number from " + least + " to " + most);
  }

  private <T> T parsed(Setting setting, T unsaid, Function<String, Optional<T>> parser, String rule) {
    Optional<String> text = raw(setting);
    if (text.isEmpty()) {
      return unsaid;
    }
    Optional<T> value = parser.apply(text.get());
    if (value.isEmpty()) {
      fault(setting, rule);
    }
    return value.orElse(unsaid);
  }

  private Optional<String> raw(Setting setting) {
    return Optional.ofNullable(environment.get(setting.name())).map(String::strip).filter(text -> !text.isEmpty());
  }

  private void fault(Setting setting, String words) {
    faults.add(setting + ": " + words);
  }
}
