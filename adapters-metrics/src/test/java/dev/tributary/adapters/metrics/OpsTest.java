package dev.tributary.adapters.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.application.DeliveryMonitor.Happening;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Topic;
import dev.tributary.domain.user.UserEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What operators load names only what is there: a metric that is renamed breaks the build, not an alert. */
class OpsTest {

  private static final Path OPS = Path.of("..", "ops");
  private static final Pattern METRIC = Pattern.compile("\\b(?:tributary|jvm|process|system)_[a-z0-9_]+");
  private static final Pattern OUTCOME = Pattern.compile("outcome=~?\\\\?\"([a-z_|]+)");
  private static final Topic<UserEvent> TOPIC = new Topic<>("user-events", UserEvent.class);
  private static final Group GROUP = new Group("email-processors");

  @Test
  void alerts_name_metrics_that_exist() throws IOException {
    assertNamesExist("prometheus/alerts.yml");
  }

  @Test
  void alert_tests_name_metrics_that_exist() throws IOException {
    assertNamesExist("prometheus/alerts_test.yml");
  }

  @Test
  void the_dashboard_names_metrics_that_exist() throws IOException {
    assertNamesExist("grafana/tributary.json");
  }

  @Test
  void the_dashboard_is_json_whose_panels_all_ask_something() throws IOException {
    JsonNode dashboard = new ObjectMapper().readTree(read("grafana/tributary.json"));
    assertThat(dashboard.path("panels")).isNotEmpty().allSatisfy(panel -> {
      if (!panel.path("type").asText().equals("row")) {
        assertThat(panel.path("targets")).as(panel.path("title").asText()).isNotEmpty();
      }
    });
  }

  private static void assertNamesExist(String file) throws IOException {
    String text = read(file);
    Set<String> named = found(METRIC, 0, text);
    assertThat(named).as("names in " + file).isNotEmpty();
    try (Metrics metrics = eventful()) {
      await().atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(Scrape.of(metrics).names())
              .containsAll(named));
    }
    assertThat(outcomes(text)).isSubsetOf(outcomes());
  }

  /** Has seen all that may happen; of a garbage collection the JVM tells a moment later. */
  private static Metrics eventful() {
    Metrics metrics = Metrics
        .open(FakeStore.with(FakeStore.stream("user-events", 0, 1, FakeStore.group("email-processors"))));
    for (Happening what : Happening.values()) {
      metrics.happened(what, TOPIC, GROUP, 1);
    }
    metrics.handled(TOPIC, GROUP, Duration.ofMillis(1));
    metrics.settled(TOPIC, GROUP, Duration.ofMillis(1));
    metrics.http("GET", "/users/{id}", 200, Duration.ofMillis(1));
    System.gc();
    return metrics;
  }

  private static Set<String> outcomes(String text) {
    var outcomes = new TreeSet<String>();
    found(OUTCOME, 1, text).forEach(alternatives -> outcomes.addAll(Set.of(alternatives.split("\\|", -1))));
    return outcomes;
  }

  private static Set<String> outcomes() {
    var outcomes = new TreeSet<String>();
    for (Happening what : Happening.values()) {
      outcomes.add(what.name().toLowerCase(Locale.ROOT));
    }
    return outcomes;
  }

  private static Set<String> found(Pattern pattern, int group, String text) {
    var found = new TreeSet<String>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(group));
    }
    return found;
  }

  private static String read(String file) throws IOException {
    return Files.readString(OPS.resolve(file));
  }
}
