package dev.tributary.adapters.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.adapters.memory.MemoryMessaging;
import dev.tributary.adapters.memory.MemorySettings;
import dev.tributary.application.Groups;
import dev.tributary.application.Messaging;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.EventLog;
import dev.tributary.domain.messaging.LogEntry;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Topic;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.User;
import dev.tributary.domain.user.UserId;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators see and do, over HTTP, on messaging in memory. */
class OpsApiTest {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final String DEAD = "/ops/dead-letters?stream=user-events&group=email-processors";

  private TestApi api;

  @BeforeEach
  void start() {
    api = TestApi.start();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  // What there is to see.

  @Test
  void streams_are_listed_with_their_groups() {
    subscribe(false);
    api.publish(3);
    soon().until(() -> group().get("lag").longValue() + group().get("pending").longValue() == 0);
    JsonNode stream = get("/ops/streams").expect(200).json().get(1);
    assertThat(stream.get("stream").textValue()).isEqualTo("user-events");
    assertThat(stream.get("partition").intValue()).isZero();
    assertThat(stream.get("length").longValue()).isEqualTo(3);
    assertThat(stream.get("firstId").textValue()).matches("\\d+-\\d+");
    assertThat(group().get("group").textValue()).isEqualTo("email-processors");
    assertThat(names(group()))
        .containsExactly("group", "lag", "pending", "retrying", "deadLetters", "oldestUnsettledAgeMs", "consumers");
    assertThat(names(group().get("consumers").get(0))).containsExactly("consumer", "pending", "idleMs");
  }

  @Test
  void entries_are_paged_oldest_first() {
    api.publish(3);
    JsonNode first = get("/ops/streams/user-events/entries?limit=2").expect(200).json();
    assertThat(first.get("items")).hasSize(2);
    assertThat(first.get("items").get(0).get("fields").get("key").textValue()).isEqualTo("user-0");
    JsonNode last = get("/ops/streams/user-events/entries?limit=2&after=" + first.get("next").textValue()).json();
    assertThat(last.get("items")).hasSize(1);
    assertThat(last.get("next").isNull()).isTrue();
    get("/ops/streams/user-events/entries?after=x").invalid("after");
    get("/ops/streams/user-events/entries?partition=1").problem(404);
  }

  @Test
  void pending_deliveries_say_when_they_are_due() {
    api.messaging.subscriber()
        .subscribe(Groups.EMAIL_PROCESSORS, _ -> new Outcome.Retry(Optional.of(Duration.ofHours(1)), "later"));
    api.publish(1);
    soon().until(() -> group().get("retrying").longValue() == 1);
    JsonNode delivery = get("/ops/streams/user-events/groups/email-processors/pending").json().get("items").get(0);
    assertThat(names(delivery)).containsExactly("id", "consumer", "ageMs", "attempts", "dueAt");
    assertThat(delivery.get("attempts").intValue()).isOne();
    assertThat(delivery.get("dueAt").textValue()).endsWith("Z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ops/streams/nothing/entries", "/ops/streams/nothing/tail",
      "/ops/streams/user-events/groups/nobody/pending", "/ops/streams/user-events/groups/No%20Name/pending",
      "/ops/dead-letters?stream=nothing&group=email-processors", "/ops/dead-letters?stream=user-events&group=nobody",
      "/ops/assets/nothing", "/ops/nothing"})
  void what_does_not_exist_is_404(String path) {
    get(path).problem(404);
  }

  @Test
  void a_declared_group_that_has_not_started_is_empty() {
    assertThat(get(DEAD).expect(200).json().get("items")).isEmpty();
    get("/ops/dead-letters").invalid("stream", "group");
  }

  // Dead letters.

  @Test
  void a_dead_letter_is_shown_redriven_and_audited() {
    subscribe(true);
    api.publish(2);
    soon().until(() -> group().get("deadLetters").longValue() == 2);
    JsonNode letter = get(DEAD).json().get("items").get(0);
    assertThat(names(letter)).containsExactly("id", "entryId", "type", "key", "event", "fields", "reason",
        "errorClass", "attempts", "firstFailureAt", "lastFailureAt");
    assertThat(letter.get("reason").textValue()).isEqualTo("poison");
    String body = "{\"stream\":\"user-events\",\"group\":\"email-processors\",\"ids\":[\""
        + letter.get("id").textValue()
        + "\",\"1-1\"],\"dryRun\":%s}";
    assertThat(post("/ops/dead-letters/redrive", body.formatted(true)).expect(200).text())
        .isEqualTo("{\"matched\":1,\"redriven\":0,\"dryRun\":true}");
    assertThat(get("/ops/audit").json().get("items")).isEmpty();
    assertThat(post("/ops/dead-letters/redrive", body.formatted(false)).expect(200).text())
        .isEqualTo("{\"matched\":1,\"redriven\":1,\"dryRun\":false}");
    soon().until(() -> group().get("deadLetters").longValue() == 2);
    JsonNode deed = get("/ops/audit").json().get("items").get(0);
    assertThat(deed.get("action").textValue()).isEqualTo("redrive");
    assertThat(deed.get("who").textValue()).isEqualTo("127.0.0.1 by token");
    assertThat(deed.get("result").textValue()).isEqualTo("1 of 1 redriven");
  }

  @Test
  void a_filter_chooses_by_type_error_and_time() {
    subscribe(true);
    api.publish(3);
    soon().until(() -> group().get("deadLetters").longValue() == 3);
    assertThat(redriveDry("{\"type\":\"user_created\",\"errorClass\":\"Rejected\"}")).isEqualTo(3);
    assertThat(redriveDry("{\"type\":\"order_created\"}")).isZero();
    assertThat(redriveDry("{\"before\":\"2000-01-01T00:00:00Z\"}")).isZero();
    assertThat(redriveDry("{}")).isEqualTo(3);
  }

  private long redriveDry(String filter) {
    return post("/ops/dead-letters/redrive", "{\"stream\":\"user-events\",\"group\":\"email-processors\",\"filter\":"
        + filter + ",\"dryRun\":true}").expect(200).json().get("matched").longValue();
  }

  @Test
  void dead_letters_are_discarded_by_id() {
    subscribe(true);
    api.publish(1);
    soon().until(() -> group().get("deadLetters").longValue() == 1);
    String id = get(DEAD).json().get("items").get(0).get("id").textValue();
    String body = "{\"stream\":\"user-events\",\"group\":\"email-processors\",\"ids\":[\"" + id + "\"]}";
    assertThat(post("/ops/dead-letters/discard", body).expect(200).text()).isEqualTo("{\"discarded\":1}");
    assertThat(post("/ops/dead-letters/discard", body.replace(id, "0:" + id)).expect(200).text())
        .isEqualTo("{\"discarded\":0}");
    assertThat(get("/ops/audit").json().get("items")).hasSize(2);
  }

  @Test
  void bad_orders_are_told_field_by_field() {
    post("/ops/dead-letters/redrive", "{}").invalid("/stream", "/group", "/ids");
    String target = "\"stream\":\"user-events\",\"group\":\"email-processors\"";
    post("/ops/dead-letters/redrive", "{" + target + ",\"ids\":[\"1-1\"],\"filter\":{}}").invalid("/ids");
    post("/ops/dead-letters/redrive", "{" + target + ",\"ids\":[\"x\",7]}").invalid("/ids/0", "/ids/1");
    post("/ops/dead-letters/redrive", "{" + target + ",\"ids\":[]}").invalid("/ids", "/ids");
    post("/ops/dead-letters/redrive", "{" + target + ",\"filter\":{\"before\":\"now\",\"who\":1}}")
        .invalid("/filter/before", "/filter/who");
    post("/ops/dead-letters/redrive", "{" + target + ",\"filter\":{},\"perSecond\":0,\"dryRun\":1}")
        .invalid("/perSecond", "/dryRun");
    post("/ops/dead-letters/discard", "{" + target + "}").invalid("/ids");
    post("/ops/dead-letters/redrive", "{").problem(400);
    post("/ops/dead-letters/redrive", "{\"stream\":\"user-events\",\"group\":\"nobody\",\"filter\":{}}").problem(404);
  }

  @Test
  void the_doctor_has_findings_with_remedies() {
    JsonNode findings = get("/ops/doctor").expect(200).json().get("findings");
    assertThat(findings).hasSize(4).allSatisfy(finding -> assertThat(names(finding)).containsExactly("what", "remedy"));
  }

  @Test
  void one_life_shows_its_steps_and_where_it_hangs() {
    String user = api.register("ada@example.com");
    assertThat(names(get("/ops/lives/" + user).json().get("items").get(0))).containsExactly("at", "what", "detail",
        "state");
    assertThat(get("/ops/lives/" + user).json().get("items").get(0).get("what").textValue()).isEqualTo("user_created");
    api.messaging.subscriber()
        .subscribe(Groups.EMAIL_PROCESSORS,
            delivery -> delivery.event().userId().value().equals("user-0")
                ? new Outcome.Rejected("poison")
                : new Outcome.Retry(Optional.of(Duration.ofHours(1)), "later"));
    api.publish(2);
    soon().until(() -> group().get("deadLetters").longValue() + group().get("retrying").longValue() == 2);
    JsonNode dead = get("/ops/lives/user-0").json().get("items").get(0);
    assertThat(dead.get("state").textValue()).isEqualTo("bad");
    assertThat(dead.get("detail").textValue()).contains("poison");
    JsonNode waiting = get("/ops/lives/user-1").json().get("items").get(0);
    assertThat(waiting.get("state").textValue()).isEqualTo("warn");
    assertThat(waiting.get("detail").textValue()).contains("1 attempts failed", "tried again at");
    assertThat(get("/ops/lives/nobody").json().get("items")).isEmpty();
  }

  @Test
  void a_life_is_found_behind_a_long_backlog_where_its_state_says_it_was_written() {
    api.messaging.subscriber()
        .subscribe(Groups.EMAIL_PROCESSORS, _ -> new Outcome.Retry(Optional.of(Duration.ofHours(1)), "later"));
    api.publish(250);
    soon().until(() -> group().get("retrying").longValue() == 250);
    assertThat(get("/ops/lives/user-249").json().get("items")).isEmpty();
    api.store.put(User.key(new UserId("user-249")),
        User.register(new UserId("user-249"), new EmailAddress("249@example.com"), Optional.empty(), Instant.now())
            .state());
    assertThat(get("/ops/lives/user-249").json().get("items")).anySatisfy(
        step -> assertThat(step.get("what").textValue()).isEqualTo("user_created is with email-processors"));
  }

  // Live.

  @Test
  void the_tail_goes_on_where_it_stopped() throws Exception {
    api.publish(3);
    JsonNode items = get("/ops/streams/user-events/entries").json().get("items");
    String second = items.get(1).get("id").textValue();
    HttpResponse<Stream<String>> response = api.client.send(
        api.authorized("/ops/streams/user-events/tail").header("Last-Event-ID", second).build(),
        BodyHandlers.ofLines());
    try (Stream<String> lines = response.body()) {
      assertThat(response.headers().firstValue("content-type")).contains("text/event-stream; charset=utf-8");
      assertThat(lines.filter(line -> !line.startsWith(":") && !line.isEmpty()).limit(2))
          .containsExactly("id: " + items.get(2).get("id").textValue(), "data: " + items.get(2));
    }
  }

  @Test
  void an_empty_place_counts_as_absent() throws Exception {
    api.publish(3);
    JsonNode items = get("/ops/streams/user-events/entries").json().get("items");
    HttpResponse<Stream<String>> response = api.client.send(
        api.authorized("/ops/streams/user-events/tail?after=" + items.get(1).get("id").textValue())
            .header("Last-Event-ID", "")
            .build(),
        BodyHandlers.ofLines());
    try (Stream<String> lines = response.body()) {
      assertThat(lines.filter(line -> line.startsWith("id: ")).findFirst())
          .contains("id: " + items.get(2).get("id").textValue());
    }
  }

  @ParameterizedTest
  @CsvSource({"?after=1-1,''", "'',1-1"})
  void a_tail_of_a_log_that_is_away_is_refused_before_it_begins(String query, String last) {
    try (TestApi other = TestApi.start(withoutLog())) {
      for (int i = 0; i < 60; i++) {
        TestApi.Answer answer = other.send(other.authorized("/ops/streams/user-events/tail" + query)
            .header("Last-Event-ID", last));
        assertThat(answer.problem(503).header("retry-after")).isEqualTo("1");
        assertThat(answer.text()).doesNotContain("Too many");
      }
    }
  }

  private static Messaging withoutLog() {
    Messaging whole = MemoryMessaging.open(MemorySettings.defaults());
    EventLog away = new EventLog() {
      @Override
      public List<LogEntry> read(Topic<?> topic, int partition, EntryId after, int limit) {
        throw new StoreUnavailableException("away");
      }

      @Override
      public Tail tail(Topic<?> topic, Map<Integer, EntryId> after) {
        throw new StoreUnavailableException("away");
      }
    };
    return (Messaging) Proxy.newProxyInstance(OpsApiTest.class.getClassLoader(), new Class<?>[]{Messaging.class},
        (_, method, arguments) -> method.getName().equals("log") ? away : method.invoke(whole, arguments));
  }

  @Test
  void whoever_watches_does_not_keep_the_server_from_stopping() {
    api.close();
    api = TestApi.start(true, Duration.ofSeconds(30));
    List<String> lines = new CopyOnWriteArrayList<>();
    CompletableFuture<?> watching = api.client.sendAsync(api.authorized("/ops/live").build(), BodyHandlers.ofLines())
        .thenAccept(response -> response.body().forEach(lines::add))
        .exceptionally(_ -> null);
    await().atMost(SOON).until(() -> lines.stream().anyMatch(line -> line.equals("event: status")));
    long from = System.nanoTime();
    api.api.close();
    assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(15));
    assertThat(watching).succeedsWithin(SOON);
  }

  @Test
  void the_history_survives() {
    await().atMost(SOON).until(() -> !get("/ops/history").json().get("samples").isEmpty());
    assertThat(names(get("/ops/history").json().get("samples").get(0))).containsExactly("at", "streams");
  }

  // Who may.

  @ParameterizedTest
  @ValueSource(strings = {"/ops/streams", "/ops/streams/user-events/entries", "/ops/streams/user-events/tail",
      "/ops/streams/user-events/groups/email-processors/pending", DEAD, "/ops/audit", "/ops/live", "/ops/history",
      "/ops/lives/user-0", "/ops/doctor",
      "/metrics"})
  void without_the_token_nobody_sees_anything(String path) {
    assertThat(api.get(path).problem(401).header("www-authenticate")).isEqualTo("Bearer");
    api.send(api.request(path).header("Authorization", "Bearer wrong")).problem(401);
    api.send(api.request(path).header("Authorization", "Bearer ")).problem(401);
    api.send(api.request(path).header("Authorization", TestApi.TOKEN)).problem(401);
    api.send(api.request(path).header("Cookie", "tributary_ops=99999999999999.00")).problem(401);
  }

  @Test
  void without_the_token_nobody_does_anything() {
    api.post("/ops/dead-letters/redrive", "{}").problem(401);
    api.post("/ops/dead-letters/discard", "{}").problem(401);
  }

  @Test
  void metrics_are_text() {
    TestApi.Answer metrics = get("/metrics").expect(200);
    assertThat(metrics.header("content-type")).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
    assertThat(metrics.text()).isEqualTo("metrics 1\n");
  }

  @Test
  void answers_are_told_by_their_route_and_not_by_their_path() {
    api.get("/orders/no-such-order").problem(404);
    api.get("/no/such/path").problem(404);
    get("/ops/streams").expect(200);
    await().atMost(SOON)
        .untilAsserted(
            () -> assertThat(api.told).contains("GET /orders/{id} 404", "GET none 404", "GET /ops/streams 200"));
  }

  @Test
  void a_process_without_intake_serves_metrics_and_nothing_else_to_operators() {
    try (TestApi worker = TestApi.start(false, Duration.ofSeconds(5))) {
      worker.send(worker.authorized("/metrics")).expect(200);
      worker.get("/health/ready").expect(200);
      worker.get("/metrics").problem(401);
      for (String path : List.of("/ops", "/ops/streams", "/ops/assets/ops.js", "/ops/live", "/ops/doctor",
          "/users/user-0", "/orders/order-0", "/")) {
        worker.send(worker.authorized(path)).problem(404);
      }
      worker.post("/ops/login", "{}").problem(404);
      worker.post("/users", "{}").problem(404);
    }
  }

  @Test
  void whoever_logs_in_has_a_cookie_that_other_sites_cannot_use() throws Exception {
    HttpResponse<String> page = api.client.send(api.request("/ops").build(), BodyHandlers.ofString());
    assertThat(page.statusCode()).isEqualTo(401);
    assertThat(page.body()).contains("action=\"/ops/login\"");
    assertThat(login("wrong", "same-origin").statusCode()).isEqualTo(401);
    assertThat(login(TestApi.TOKEN, "cross-site").statusCode()).isEqualTo(403);
    HttpResponse<String> in = login(TestApi.TOKEN, "same-origin");
    assertThat(in.statusCode()).isEqualTo(303);
    String cookie = in.headers().firstValue("set-cookie").orElseThrow();
    assertThat(cookie).contains("HttpOnly", "SameSite=Strict", "Path=/ops").doesNotContain(TestApi.TOKEN);
    String session = cookie.substring(0, cookie.indexOf(';'));
    assertThat(api.client.send(api.request("/ops").header("Cookie", session).build(), BodyHandlers.ofString()))
        .satisfies(shown -> assertThat(shown.body()).contains("ops.js"))
        .satisfies(shown -> assertThat(shown.headers().firstValue("content-security-policy").orElse(""))
            .contains("default-src 'none'")
            .doesNotContain("unsafe"));
    api.send(api.request("/ops/streams").header("Cookie", session)).expect(200);
    String body = "{\"stream\":\"user-events\",\"group\":\"email-processors\",\"ids\":[\"1-1\"]}";
    assertThat(discardWith(session, "Sec-Fetch-Site", "same-origin")).isEqualTo(200);
    assertThat(discardWith(session, "Origin", "http://127.0.0.1:" + api.api.port())).isEqualTo(200);
    assertThat(discardWith(session, "Origin", "http://evil.example")).isEqualTo(403);
    assertThat(discardWith(session, "Sec-Fetch-Site", "cross-site")).isEqualTo(403);
    assertThat(discardWith(session, "X-Nothing", "at all")).as(body).isEqualTo(403);
    assertThat(discardWith(session.replaceFirst("=\\d", "=9"), "Sec-Fetch-Site", "same-origin")).isEqualTo(401);
  }

  @Test
  void whoever_logs_in_need_not_be_a_browser_but_must_not_come_from_another_page() throws Exception {
    assertThat(loginWith(TestApi.TOKEN).statusCode()).isEqualTo(303);
    assertThat(loginWith("wrong").statusCode()).isEqualTo(401);
    assertThat(loginWith(TestApi.TOKEN, "Origin", "http://127.0.0.1:" + api.api.port()).statusCode()).isEqualTo(303);
    assertThat(loginWith(TestApi.TOKEN, "Origin", "http://evil.example").statusCode()).isEqualTo(403);
    assertThat(loginWith(TestApi.TOKEN, "Origin", "null").statusCode()).isEqualTo(403);
    assertThat(loginWith(TestApi.TOKEN, "Sec-Fetch-Site", "same-site").statusCode()).isEqualTo(403);
    assertThat(discardWith(cookie(loginWith(TestApi.TOKEN)), "X-Nothing", "at all")).isEqualTo(403);
  }

  @Test
  void who_fails_too_often_has_to_wait() throws Exception {
    for (int i = 0; i < 100; i++) {
      assertThat(login("wrong", "same-origin").statusCode()).isEqualTo(401);
    }
    HttpResponse<String> refused = login(TestApi.TOKEN, "same-origin");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("retry-after")).isPresent();
  }

  @Test
  void wrong_tokens_count_wherever_they_are_brought() throws Exception {
    String session = cookie(login(TestApi.TOKEN, "same-origin"));
    for (int i = 0; i < 50; i++) {
      assertThat(login("wrong", "same-origin").statusCode()).isEqualTo(401);
      api.send(api.request("/metrics").header("Authorization", "Bearer wrong")).problem(401);
    }
    assertThat(get("/metrics").problem(429).header("retry-after")).isEqualTo("60");
    assertThat(login(TestApi.TOKEN, "same-origin").statusCode()).isEqualTo(429);
    // Whoever is logged in brings no token.
    api.send(api.request("/ops/streams").header("Cookie", session)).expect(200);
  }

  @Test
  void many_guesses_at_once_are_no_more_than_one_after_the_other() {
    List<CompletableFuture<HttpResponse<Void>>> guesses = IntStream.range(0, 150)
        .mapToObj(i -> api.client.sendAsync(
            api.request("/ops/streams").header("Authorization", "Bearer guess-" + i).build(),
            BodyHandlers.discarding()))
        .toList();
    List<Integer> answers = guesses.stream().map(guess -> guess.join().statusCode()).toList();
    assertThat(answers).filteredOn(status -> status == 401).hasSize(100);
    assertThat(answers).filteredOn(status -> status == 429).hasSize(50);
  }

  @Test
  void a_session_ends_and_cannot_be_forged() throws Exception {
    long future = System.currentTimeMillis() + 60_000;
    assertThat(withSession(future + "." + signature(TestApi.TOKEN, future))).isEqualTo(200);
    long past = System.currentTimeMillis() - 1;
    assertThat(withSession(past + "." + signature(TestApi.TOKEN, past))).isEqualTo(401);
    assertThat(withSession(future + "." + signature("another token", future))).isEqualTo(401);
    assertThat(withSession((future + 1) + "." + signature(TestApi.TOKEN, future))).isEqualTo(401);
    assertThat(withSession(future + ".")).isEqualTo(401);
    assertThat(withSession(future + "")).isEqualTo(401);
    assertThat(withSession("-1." + signature(TestApi.TOKEN, -1))).isEqualTo(401);
    assertThat(withSession("9".repeat(30) + "." + signature(TestApi.TOKEN, future))).isEqualTo(401);
  }

  private int withSession(String value) {
    return api.send(api.request("/ops/streams").header("Cookie", "tributary_ops=" + value)).response().statusCode();
  }

  /** As the server signs, spelled out: else a test could not tell a session that has ended from one that is forged. */
  private static String signature(String token, long expiry) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(token.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(("session " + expiry).getBytes(StandardCharsets.UTF_8)));
  }

  private static String cookie(HttpResponse<String> login) {
    String cookie = login.headers().firstValue("set-cookie").orElseThrow();
    return cookie.substring(0, cookie.indexOf(';'));
  }

  @Test
  void logins_are_audited_and_logouts_end_the_cookie() throws Exception {
    String session = cookie(login(TestApi.TOKEN, "same-origin"));
    JsonNode deed = get("/ops/audit").json().get("items").get(0);
    assertThat(deed.get("action").textValue()).isEqualTo("login");
    assertThat(discardWith(session, "Sec-Fetch-Site", "same-origin")).isEqualTo(200);
    assertThat(get("/ops/audit").json().get("items").get(1).get("who").textValue())
        .isEqualTo("127.0.0.1 by session");
    HttpResponse<String> out = api.client.send(api.request("/ops/logout")
        .header("Cookie", session)
        .header("Sec-Fetch-Site", "same-origin")
        .POST(BodyPublishers.noBody())
        .build(), BodyHandlers.ofString());
    assertThat(out.headers().firstValue("set-cookie").orElseThrow()).contains("tributary_ops=;",
        "Expires=Thu, 01 Jan 1970");
  }

  @Test
  void methods_that_are_not_served_are_405_and_HEAD_is_as_guarded_as_GET() {
    assertThat(head("/ops/streams", TestApi.TOKEN)).isEqualTo(200);
    assertThat(head("/metrics", TestApi.TOKEN)).isEqualTo(200);
    assertThat(head("/ops/streams", "wrong")).isEqualTo(401);
    assertThat(head("/metrics", "wrong")).isEqualTo(401);
    for (String method : List.of("OPTIONS", "PUT", "DELETE", "PATCH")) {
      assertThat(api.send(api.authorized("/ops/streams").method(method, BodyPublishers.noBody()))
          .problem(405)
          .header("allow")).contains("GET");
    }
    get("/ops/dead-letters/redrive").problem(405);
    api.post("/metrics", "{}").problem(405);
  }

  private int head(String path, String token) {
    return api.send(api.request(path)
        .header("Authorization", "Bearer " + token)
        .method("HEAD", BodyPublishers.noBody()))
        .response()
        .statusCode();
  }

  @Test
  void refusals_are_audited_too() {
    String order = "{\"stream\":\"user-events\",\"group\":\"%s\",\"filter\":{\"type\":\"a\\nb\"}}";
    post("/ops/dead-letters/redrive", order.formatted("nobody")).problem(404);
    post("/ops/dead-letters/redrive", order.formatted("email-processors")).problem(404);
    JsonNode deeds = get("/ops/audit").json().get("items");
    assertThat(deeds).hasSize(2);
    assertThat(deeds.get(0).get("target").textValue()).isEqualTo("nobody on user-events: of type a b");
    assertThat(deeds.get(0).get("result").textValue()).isEqualTo("refused: There is no such group.");
    assertThat(deeds.get(1).get("result").textValue()).isEqualTo("refused: The group has not started yet.");
  }

  @Test
  void the_last_page_has_no_next_even_when_it_is_full() {
    api.publish(2);
    JsonNode page = get("/ops/streams/user-events/entries?limit=2").json();
    assertThat(page.get("items")).hasSize(2);
    assertThat(page.get("next").isNull()).isTrue();
    assertThat(get("/ops/streams/user-events/entries?limit=1").json().get("next").textValue())
        .isEqualTo(page.get("items").get(0).get("id").textValue());
  }

  @Test
  void the_parts_of_the_page_are_there() {
    for (String part : List.of("ops.css", "ops.js", "icon.svg", "uplot.js", "uplot.css")) {
      try {
        HttpResponse<String> answer = api.client.send(api.request("/ops/assets/" + part).build(),
            BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(part).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-content-type-options")).contains("nosniff");
      } catch (IOException | InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private int discardWith(String session, String header, String value) {
    return api.send(api.request("/ops/dead-letters/discard")
        .header("Cookie", session)
        .header(header, value)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(
            "{\"stream\":\"user-events\",\"group\":\"email-processors\",\"ids\":[\"1-1\"]}")))
        .response()
        .statusCode();
  }

  private HttpResponse<String> login(String token, String site) throws Exception {
    return loginWith(token, "Sec-Fetch-Site", site);
  }

  /** @param headers name, value, name, value … */
  private HttpResponse<String> loginWith(String token, String... headers) throws Exception {
    HttpRequest.Builder request = api.request("/ops/login")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString("token=" + token));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return api.client.send(request.build(), BodyHandlers.ofString());
  }

  private void subscribe(boolean rejecting) {
    api.messaging.subscriber()
        .subscribe(Groups.EMAIL_PROCESSORS,
            _ -> rejecting ? new Outcome.Rejected("poison") : Outcome.SETTLED);
  }

  private static List<String> names(JsonNode object) {
    return object.properties().stream().map(member -> member.getKey()).toList();
  }

  /** The group may not be there yet. */
  private static ConditionFactory soon() {
    return await().atMost(SOON).ignoreExceptionsInstanceOf(NullPointerException.class);
  }

  private JsonNode group() {
    return get("/ops/streams").json().get(1).get("groups").path(0);
  }

  private TestApi.Answer get(String path) {
    return api.send(api.authorized(path));
  }

  private TestApi.Answer post(String path, String json) {
    return api
        .send(api.authorized(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
  }
}
