package dev.tributary.adapters.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.application.Groups;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.messaging.Subscription;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators see and do where there are several partitions. The clock stands still until it is set, so that each gives the same ids. */
class OpsPartitionsTest {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final int PARTITIONS = 4;
  private static final String DEAD = "/ops/dead-letters?stream=user-events&group=email-processors";
  private static final String TARGET = "\"stream\":\"user-events\",\"group\":\"email-processors\"";

  private final AtomicReference<Instant> now = new AtomicReference<>(TestApi.NOW);
  private TestApi api;

  @BeforeEach
  void start() {
    api = TestApi.start(new Partitioning(PARTITIONS), now::get);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void a_dead_letter_is_named_with_its_partition_and_hits_no_other() {
    bury(40);
    List<String> ids = ids();
    assertThat(ids).hasSize(40).doesNotHaveDuplicates().allMatch(id -> id.matches("[0-3]:\\d+-\\d+"));
    assertThat(ids.stream().map(OpsPartitionsTest::withoutPartition).distinct()).hasSizeLessThan(40);
    String first = ids.getFirst();
    assertThat(
        post("redrive", "\"ids\":[\"" + first + "\"],\"dryRun\":true").expect(200).json().get("matched").longValue())
        .isOne();
    assertThat(post("discard", "\"ids\":[\"" + first + "\"]").expect(200).text()).isEqualTo("{\"discarded\":1}");
    assertThat(ids()).containsExactlyElementsOf(ids.subList(1, ids.size()));
    assertThat(post("redrive", "\"ids\":[\"" + ids.get(1) + "\",\"" + ids.getLast() + "\"]").expect(200).text())
        .isEqualTo("{\"matched\":2,\"redriven\":2,\"dryRun\":false}");
  }

  @Test
  void the_log_is_read_through_all_partitions_one_after_the_other() {
    api.publish(40);
    String entries = "/ops/streams/user-events/entries";
    var keys = new ArrayList<String>();
    var partitions = new ArrayList<Integer>();
    String after = "";
    while (after != null) {
      JsonNode page = get(entries + "?limit=7&after=" + after);
      page.get("items").forEach(entry -> {
        keys.add(entry.get("fields").get("key").textValue());
        partitions.add(entry.get("partition").intValue());
      });
      after = page.get("next").textValue();
    }
    assertThat(keys).containsExactlyInAnyOrderElementsOf(IntStream.range(0, 40).mapToObj(i -> "user-" + i).toList());
    assertThat(partitions).isSorted().contains(0, 1, 2, 3);
    assertThat(get(entries + "?partition=2&limit=200").get("items")
        .valueStream()
        .map(entry -> entry.get("partition").intValue()))
        .hasSize(Collections.frequency(partitions, 2))
        .containsOnly(2);
  }

  @Test
  void the_tail_follows_all_partitions_and_goes_on_where_each_stopped() throws Exception {
    api.publish(40);
    now.set(TestApi.NOW.plusSeconds(1));
    List<String> all = follow("?after=0-0", "", 40);
    assertThat(dataOf(all)).doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(get("/ops/streams/user-events/entries?limit=200").get("items")
            .valueStream()
            .map(JsonNode::toString)
            .toList());
    List<String> rest = follow("", idOf(all.get(24)), 15);
    assertThat(rest).isEqualTo(all.subList(25, 40));
    List<String> second = follow("?partition=2&after=0-0", "", 3);
    assertThat(dataOf(second)).allMatch(entry -> entry.contains("\"partition\":2"));
    assertThat(follow("?partition=2", idOf(second.get(1)), 1)).isEqualTo(second.subList(2, 3));
  }

  /** @return events, each with its id and data */
  private List<String> follow(String query, String lastEventId, int count) throws Exception {
    HttpResponse<Stream<String>> response = api.client.send(
        api.authorized("/ops/streams/user-events/tail" + query).header("Last-Event-ID", lastEventId).build(),
        BodyHandlers.ofLines());
    try (Stream<String> lines = response.body()) {
      List<String> parts = lines.filter(line -> !line.startsWith(":") && !line.isEmpty()).limit(2L * count).toList();
      return IntStream.range(0, count).mapToObj(i -> parts.get(2 * i) + "\n" + parts.get(2 * i + 1)).toList();
    }
  }

  private static List<String> dataOf(List<String> events) {
    return events.stream().map(event -> event.substring(event.indexOf("data: ") + 6)).toList();
  }

  private static String idOf(String event) {
    return event.substring("id: ".length(), event.indexOf('\n'));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1-1,1-1", "1-1,1-1,1-1,1-1,1-1", "1-1,1-1,1-1,", ","})
  void a_place_that_is_none_of_all_partitions_is_refused(String place) {
    api.send(api.authorized("/ops/streams/user-events/tail?after=" + place)).invalid("after");
  }

  @Test
  void of_very_many_partitions_one_must_be_named() throws Exception {
    try (TestApi many = TestApi.start(new Partitioning(TailPosition.MOST_PARTITIONS + 1), now::get)) {
      many.send(many.authorized("/ops/streams/user-events/tail"))
          .invalid("partition");
    }
  }

  @Test
  void a_partition_may_be_named_once_for_all_ids() {
    bury(40);
    String id = withoutPartition(ids().getFirst());
    assertThat(post("discard", "\"partition\":0,\"ids\":[\"" + id + "\",\"0:" + id + "\"]").expect(200).text())
        .isEqualTo("{\"discarded\":1}");
    assertThat(ids()).hasSize(39);
  }

  @ParameterizedTest
  @ValueSource(strings = {"redrive", "discard"})
  void an_id_whose_partition_nobody_knows_is_refused(String what) {
    post(what, "\"ids\":[\"1:1-1\",\"1-1\"]").invalid("/ids/1");
    post(what, "\"ids\":[\"0:1-1\",\"1:1-1\",\"1-1\"],\"partition\":1").invalid("/ids/0");
    post(what, "\"ids\":[\"4:1-1\",\"3:x\",\":1-1\",\"-1:1-1\"]").invalid("/ids/0", "/ids/1", "/ids/2", "/ids/3");
    post(what, "\"ids\":[\"1-1\"],\"partition\":4").problem(404);
  }

  @Test
  void the_pace_of_a_redrive_is_that_of_all_partitions_together() {
    bury(8);
    assertThat(post("redrive", "\"filter\":{},\"perSecond\":1").expect(200).text())
        .isEqualTo("{\"matched\":8,\"redriven\":8,\"dryRun\":false}");
    var handledAt = new CopyOnWriteArrayList<Instant>();
    List<Instant> seconds = IntStream.range(0, 8).mapToObj(TestApi.NOW::plusSeconds).toList();
    try (Subscription _ = api.messaging.subscriber().subscribe(Groups.EMAIL_PROCESSORS, _ -> {
      handledAt.add(now.get());
      return Outcome.SETTLED;
    })) {
      for (Instant second : seconds) {
        now.set(second);
        await().atMost(SOON).until(() -> handledAt.contains(second));
      }
    }
    assertThat(handledAt).containsExactlyElementsOf(seconds);
  }

  /** Gives up as many as there are. */
  private void bury(int count) {
    try (Subscription _ = api.messaging.subscriber()
        .subscribe(Groups.EMAIL_PROCESSORS, _ -> new Outcome.Rejected("poison"))) {
      api.publish(count);
      await().atMost(SOON).until(() -> ids().size() == count);
    }
  }

  private List<String> ids() {
    return get(DEAD + "&limit=200").get("items").valueStream().map(letter -> letter.get("id").textValue()).toList();
  }

  private static String withoutPartition(String id) {
    return id.substring(id.indexOf(':') + 1);
  }

  private JsonNode get(String path) {
    return api.send(api.authorized(path)).expect(200).json();
  }

  private TestApi.Answer post(String what, String order) {
    return api.send(api.authorized("/ops/dead-letters/" + what)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString("{" + TARGET + "," + order + "}")));
  }
}
