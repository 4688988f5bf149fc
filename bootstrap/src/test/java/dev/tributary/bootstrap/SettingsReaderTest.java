package dev.tributary.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.adapters.gateways.GatewaySettings;
import dev.tributary.adapters.http.HttpSettings;
import dev.tributary.adapters.traces.TraceSettings;
import dev.tributary.application.DeliverySettings;
import dev.tributary.application.Retention;
import dev.tributary.domain.messaging.Ordering;
import dev.tributary.domain.messaging.Partitioning;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {

  @Test
  void without_any_setting_it_is_the_embedded_server_and_everything_runs() throws Exception {
    Settings settings = SettingsReader.read(Map.of());
    assertThat(settings.opsToken().isRandom()).isTrue();
    assertThat(settings)
        .isEqualTo(new Settings("127.0.0.1", 8080, MessagingKind.EMBEDDED, Optional.empty(),
            Path.of("data"), EnumSet.allOf(Role.class), GatewaySettings.SIMULATED, DeliverySettings.DEFAULTS,
            Retention.DEFAULT, 0, Partitioning.ONE, Ordering.PER_KEY, settings.opsToken(), HttpSettings.Limits.DEFAULTS,
            new TraceSettings(Optional.empty(), 1, "redis")));
  }

  @Test
  void an_empty_variable_is_unset() throws Exception {
    assertThat(SettingsReader.read(Map.of("REDIS_URL", "", "PORT", " ", "OPS_TOKEN", "t")))
        .isEqualTo(SettingsReader.read(Map.of("OPS_TOKEN", "t")));
  }

  @Test
  void behind_a_dead_letter_an_order_goes_on_or_is_parked() throws Exception {
    assertThat(SettingsReader.read(Map.of("AFTER_DEAD_LETTER", "park")).orderEvents())
        .isEqualTo(Ordering.PER_KEY_PARKED);
    assertThat(SettingsReader.read(Map.of("AFTER_DEAD_LETTER", "go-on")).orderEvents()).isEqualTo(Ordering.PER_KEY);
    assertThatThrownBy(() -> SettingsReader.read(Map.of("AFTER_DEAD_LETTER", "wait")))
        .hasMessageContaining("AFTER_DEAD_LETTER");
  }

  @Test
  void an_ops_token_is_taken_or_made_and_never_shown() throws Exception {
    Settings settings = SettingsReader.read(Map.of("OPS_TOKEN", "secret"));
    assertThat(settings.opsToken()).isEqualTo(new OpsToken("secret", false));
    assertThat(settings.opsToken().toString() + settings).doesNotContain("secret");
    assertThat(SettingsReader.read(Map.of()).opsToken().value()).hasSize(40)
        .isNotEqualTo(SettingsReader.read(Map.of()).opsToken().value());
  }

  @ParameterizedTest
  @CsvSource({"[::1],::1", "::1,::1", "0.0.0.0,0.0.0.0", "localhost,localhost"})
  void an_ipv6_address_may_stand_in_brackets(String text, String host) throws Exception {
    assertThat(SettingsReader.read(Map.of("HOST", text)).host()).isEqualTo(host);
  }

  @Test
  void a_redis_url_means_redis() throws Exception {
    Settings settings = SettingsReader.read(Map.of("REDIS_URL", "redis://user:secret@host:6379/2"));
    assertThat(settings.messaging()).isEqualTo(MessagingKind.REDIS);
    assertThat(settings.redisUrl()).contains("redis://user:secret@host:6379/2");
    assertThat(settings.toString()).doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"redis://localhost", "redis://10.0.0.1:6380/3", "rediss://user:p%40ss@redis.example.com:6380",
      "redis://[::1]:6379",
      "redis-sentinel://a:26379,b:26379/0#primary"})
  void these_are_redis_urls(String url) throws Exception {
    assertThat(SettingsReader.read(Map.of("REDIS_URL", url)).redisUrl()).contains(url);
  }

  @Test
  void limits_are_taken() throws Exception {
    HttpSettings.Limits limits = SettingsReader
        .read(Map.of("RATE_LIMIT", "50", "MAX_CONNECTIONS", "7", "MAX_BACKLOG", "9", "TRUSTED_PROXIES",
            "10.0.0.0/8, ::1"))
        .limits();
    assertThat(limits.ratePerSecond()).hasValue(50);
    assertThat(limits.connections()).isEqualTo(7);
    assertThat(limits.backlog()).hasValue(9);
    assertThat(limits.trustedProxies()).containsExactly("10.0.0.0/8", "::1");
  }

  @Test
  void traces_go_where_they_are_told() throws Exception {
    assertThat(SettingsReader.read(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318",
        "OTEL_TRACES_SAMPLER_ARG", "0.25", "MESSAGING", "memory")).traces())
        .isEqualTo(new TraceSettings(Optional.of(URI.create("http://localhost:4318")), 0.25, "memory"));
  }

  @Test
  void durability_may_ask_for_replicas() throws Exception {
    assertThat(SettingsReader.read(Map.of("REDIS_URL", "redis://host", "DURABILITY", "replicas:2")).replicas())
        .isEqualTo(2);
    assertThat(SettingsReader.read(Map.of("REDIS_URL", "redis://host", "DURABILITY", "local")).replicas()).isZero();
  }

  @Test
  void roles_are_a_list() throws Exception {
    assertThat(SettingsReader.read(Map.of("ROLES", "http, payment-processors")).roles()).containsExactly(Role.HTTP,
        Role.PAYMENT_PROCESSORS);
  }

  @ParameterizedTest
  @CsvSource({"250ms,250", "2s,2000", "3m,180000", "1h,3600000", "1d,86400000",
      "36500d,3153600000000"})
  void durations_have_units(String text, long millis) throws Exception {
    Settings settings = SettingsReader.read(Map.of("LEASE", text, "HANDLER_TIMEOUT", text, "RETENTION", text));
    assertThat(settings.deliveries().lease()).isEqualTo(Duration.ofMillis(millis));
    assertThat(settings.deliveries().handlerTimeout()).isEqualTo(Duration.ofMillis(millis));
    assertThat(settings.retention().span()).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"redis://u:secret@a:7000,b:7001,10.0.0.1:7002?cluster", "rediss://a:7000?cluster",
      "redis://a:7000/0?cluster"})
  void a_cluster_is_named_by_some_of_its_nodes(String url) throws SettingsException {
    assertThat(SettingsReader.read(Map.of("REDIS_URL", url)).redisUrl()).contains(url);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 1024})
  void there_may_be_several_partitions(int count) throws SettingsException {
    assertThat(SettingsReader.read(Map.of("PARTITIONS", Integer.toString(count))).partitioning())
        .isEqualTo(new Partitioning(count));
  }

  @ParameterizedTest
  @CsvSource({"LEASE,30", "LEASE,0s", "LEASE,-1s", "LEASE,1.5s", "LEASE,1w", "LEASE,50ms", "LEASE,36501d",
      "LEASE,999999999d", "HANDLER_TIMEOUT,110000d", "RETRY_BACKOFF,999999999d", "RETRY_BACKOFF_MAX,876001h",
      "RETENTION,36501d", "PORT,65536", "PORT,-1",
      "PORT,x", "MAX_ATTEMPTS,0",
      "CONCURRENCY,0", "RETRY_BACKOFF,soon", "RETRY_BACKOFF,-1s", "RETRY_BACKOFF_MAX,0s", "RETRY_BACKOFF_MAX,x",
      "ROLES,everything", "MESSAGING,kafka",
      "MESSAGING,redis",
      "REDIS_URL,http://host", "REDIS_URL,redis://", "REDIS_URL,redis://u:secret@host:abc",
      "REDIS_URL,redis://host:99999", "REDIS_URL,redis://host/x", "REDIS_URL,redis://u:sec ret@host",
      "REDIS_URL,redis://u:secret@a:1/2?cluster", "REDIS_URL,redis-sentinel://u:secret@a:1?cluster",
      "REDIS_URL,redis-sentinel://u:secret@a:26379",
      "PARTITIONS,0", "PARTITIONS,1025", "PARTITIONS,many",
      "RATE_LIMIT,0", "RATE_LIMIT,x", "MAX_CONNECTIONS,0", "MAX_BACKLOG,0", "TRUSTED_PROXIES,localhost",
      "TRUSTED_PROXIES,10.0.0.0/33",
      "DURABILITY,replicas:1", "DURABILITY,replicas:0", "DURABILITY,replicas:101", "DURABILITY,replicas",
      "DURABILITY,both", "LOG_FORMAT,xml", "LOG_FORMAT,JSON", "OTEL_EXPORTER_OTLP_ENDPOINT,localhost:4318",
      "OTEL_EXPORTER_OTLP_ENDPOINT,http://u:secret@host", "OTEL_EXPORTER_OTLP_ENDPOINT,http://host/?x=secret",
      "OTEL_EXPORTER_OTLP_ENDPOINT,not a url", "OTEL_TRACES_SAMPLER_ARG,2", "OTEL_TRACES_SAMPLER_ARG,-0",
      "OTEL_TRACES_SAMPLER_ARG,NaN", "OTEL_TRACES_SAMPLER_ARG,1.1", "RETENTION,x", "HANDLER_TIMEOUT,0s",
      "SMTP_URL,http://host", "PAYMENTS_URL,ftp://host", "SHIPPING_URL,not a url"})
  void a_bad_value_is_a_fault_by_name(String name, String value) {
    assertThatThrownBy(() -> SettingsReader.read(Map.of(name, value))).isInstanceOf(SettingsException.class)
        .hasMessageStartingWith(name + ": ")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @CsvSource({"'','',1000,300000", "'',500ms,500,500", "'',2s,1000,2000", "10m,'',600000,600000", "0ms,'',0,300000",
      "0s,1ms,0,1", "3s,3s,3000,3000"})
  void of_the_backoff_and_its_longest_the_one_that_is_unset_gives_way(String first, String longest, long firstMillis,
      long longestMillis) throws SettingsException {
    DeliverySettings settings = SettingsReader.read(Map.of("RETRY_BACKOFF", first, "RETRY_BACKOFF_MAX", longest))
        .deliveries();
    assertThat(settings.retryBackoff()).hasMillis(firstMillis);
    assertThat(settings.retryBackoffMax()).hasMillis(longestMillis);
  }

  @Test
  void a_backoff_that_is_longer_than_its_longest_is_a_fault() {
    assertThatThrownBy(() -> SettingsReader.read(Map.of("RETRY_BACKOFF", "2s", "RETRY_BACKOFF_MAX", "1s")))
        .hasMessageStartingWith("RETRY_BACKOFF_MAX: must not be less than RETRY_BACKOFF");
  }

  @Test
  void all_faults_come_at_once_and_show_no_password() {
    Map<String, String> bad = Map.of("PORT", "x", "LEASE", "x", "SMTP_URL", "http://u:secret@host", "REDIS_URL",
        "http://u:secret@host",
        "PAYMENTS_URL", "http://u:secret@ho st");
    assertThatThrownBy(() -> SettingsReader.read(bad))
        .hasMessageContainingAll("PORT: ", "LEASE: ", "SMTP_URL: ", "REDIS_URL: ", "PAYMENTS_URL: ")
        .hasMessageNotContaining("secret");
  }
}
