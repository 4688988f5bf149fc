package dev.tributary.bootstrap;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Every setting: an environment variable, its default as the help shows it, and what it means. */
enum Setting {
  PORT("8080", "HTTP port; 0 takes a free one"), //
  HOST("127.0.0.1", "address to bind"), //
  REDIS_URL("unset",
      "redis://[user:pass@]host:port[/db], rediss://…, redis-sentinel://…#master, or redis://…host:port,host:port?cluster"), //
  MESSAGING("redis if REDIS_URL is set, else embedded",
      "redis, embedded (a bundled server, data in DATA_DIR) or memory (nothing kept)"), //
  DATA_DIR("./data", "where the bundled server keeps its data"), //
  ROLES("all", "comma-separated: http, email-processors, user-processors, payment-processors, shipping-processors"), //
  OPS_TOKEN("random", "bearer token of everything under /ops and of /metrics; a random one is printed at start"), //
  SMTP_URL("unset: simulated, logged", "smtp://[user:pass@]host:port or smtps://…"), //
  PAYMENTS_URL("unset: simulated, logged", "base URL of the payment service"), //
  SHIPPING_URL("unset: simulated, logged", "base URL of the shipping service"), //
  LEASE("30s", "how long a delivery may stay unsettled before another consumer may take it; at least 100ms"), //
  MAX_ATTEMPTS("5", "handler attempts before a dead letter"), //
  RETRY_BACKOFF("1s", "longest delay after the first failed attempt; doubles with each further one"), //
  RETRY_BACKOFF_MAX("5m", "where doubling ends"), //
  CONCURRENCY("64", "deliveries in hand per group and process"), //
  HANDLER_TIMEOUT("5m", "how long one attempt of a handler may run; then it is interrupted and has failed"), //
  PARTITIONS("1", "partitions of each stream, 1 to 1024; fixed at the first start, a later different value is refused"), //
  AFTER_DEAD_LETTER("go-on",
      "when an event of an order is a dead letter: go-on with its later ones, or park them as dead letters until it is redriven"), //
  RETENTION("7d",
      "settled entries and dead letters older than this are removed; what a group has not settled never is"), //
  DURABILITY("local",
      "local: the reply of the primary counts; replicas:N: N replicas must have a commit before it counts"), //
  RATE_LIMIT("unset: any number", "requests a second of each client address; more are answered 429"), //
  TRUSTED_PROXIES("unset: none",
      "comma-separated addresses or networks (10.0.0.0/8) whose X-Forwarded-For and X-Forwarded-Proto are believed"), //
  MAX_CONNECTIONS("1000", "connections open at the same time; more have to wait"), //
  MAX_BACKLOG("unset: any number", "unsettled order events of a group, beyond which orders are answered 503"), //
  OTEL_EXPORTER_OTLP_ENDPOINT("unset: nothing is recorded",
      "base URL of an OTLP receiver over HTTP, such as http://localhost:4318: traces go there"), //
  OTEL_TRACES_SAMPLER_ARG("1", "of the traces that begin here, the share that is recorded, from 0 to 1"), //
  LOG_FORMAT("text", "text, or json: each line of the log is a JSON object");

  private final String shownDefault;
  private final String meaning;

  Setting(String shownDefault, String meaning) {
    this.shownDefault = shownDefault;
    this.meaning = meaning;
  }

  static String help() {
    return Arrays.stream(values())
        .map(setting -> "  %-27s %s%n  %-27s default: %s%n".formatted(setting, setting.meaning, "",
            setting.shownDefault))
        .collect(Collectors.joining());
  }
}
