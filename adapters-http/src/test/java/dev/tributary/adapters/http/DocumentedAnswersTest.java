package dev.tributary.adapters.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.domain.user.UserId;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the OpenAPI document says of answers and requests, held against the server. {@link TestApi} checks every other test's answers in the same
 * way.
 */
class DocumentedAnswersTest {

  private static final String TARGET = "{\"stream\":\"user-events\",\"group\":\"email-processors\",\"ids\":[\"1-1\"]}";
  private static final String NOBODY = "{\"stream\":\"user-events\",\"group\":\"nobody\",\"ids\":[\"1-1\"]}";
  private static final String PENDING = "/ops/streams/user-events/groups/email-processors/pending";
  private static final String LETTERS = "/ops/dead-letters?stream=user-events&group=";

  private final Set<String> seen = new TreeSet<>();
  private TestApi api;

  @BeforeEach
  void start() {
    api = TestApi.start();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  /** Only what a real answer has shown is documented, save for what can't be provoked here. */
  @Test
  void every_documented_answer_can_be_had() throws Exception {
    provokePublic();
    provokeForPages();
    provokeForOperators();
    provokeByPosts("/ops/dead-letters/redrive");
    ask("POST", "/ops/dead-letters/redrive", TARGET.replace("}", ",\"dryRun\":true}"));
    provokeByPosts("/ops/dead-letters/discard");
    provokeByLogin();
    provokeStreams();
    provokeUnavailable();
    provokeByGuesses();

    assertThat(seen).containsAll(documented().filter(answer -> !isOutOfReach(answer)).toList());
  }

  private static Stream<String> documented() {
    return ApiDocument.calls()
        .stream()
        .flatMap(call -> ApiDocument.operation(call)
            .get("responses")
            .propertyStream()
            .map(Map.Entry::getKey)
            .filter(status -> !status.equals("default"))
            .map(status -> call + " " + status));
  }

  /** Limits and keys need load or a store that is slow; the messaging in memory is never away. */
  private static boolean isOutOfReach(String answer) {
    return (answer.endsWith(" 429") && !answer.startsWith("POST /ops/login"))
        || (answer.endsWith(" 503") && answer.contains(" /ops/"))
        || answer.equals("POST /orders 409");
  }

  private void provokePublic() {
    String user = ask("POST", "/users", "{\"email\":\"a@example.com\",\"name\":\"Ada\"}").get("id").textValue();
    String order = ask("POST", "/orders", order(user)).get("id").textValue();
    for (String path : List.of("/users/" + user, "/users/nobody", "/users/" + user + "/orders", "/users/nobody/orders",
        "/users/" + user + "/orders?limit=0", "/orders/" + order, "/orders/nothing", "/health/live", "/health/ready")) {
      ask("GET", path, "");
    }
    for (String path : List.of("/users", "/orders")) {
      provokeByBodies(path);
    }
    ask("POST", "/users", "{\"email\":\"A@example.com\"}");
  }

  private void provokeByPosts(String path) {
    provokeByBodies(path);
    ask("POST", path, TARGET);
    ask("POST", path, NOBODY);
    see(request(path, "POST", TARGET).setHeader("Authorization", "none"));
    see(api.request(path)
        .header("Cookie", session())
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(TARGET)));
  }

  private void provokeByBodies(String path) {
    ask("POST", path, "{");
    ask("POST", path, "{}");
    ask("POST", path, " ".repeat(256 * 1024 + 1));
    see(request(path, "POST", "{}").setHeader("Content-Type", "text/plain"));
  }

  private void provokeForPages() {
    for (String path : List.of("/openapi.json", "/asyncapi.json", "/docs", "/docs/assets/docs.css",
        "/docs/assets/nothing", "/ops", "/ops/assets/ops.css", "/ops/assets/nothing", "/metrics")) {
      ask("GET", path, "");
      see(api.request(path));
    }
  }

  private void provokeForOperators() {
    publish();
    for (String path : List.of("/ops/streams", "/ops/streams/user-events/entries", "/ops/streams/nothing/entries",
        "/ops/streams/user-events/entries?limit=x", PENDING, PENDING.replace("email", "nobodys"), PENDING + "?after=x",
        LETTERS + "email-processors", LETTERS + "nobody", "/ops/dead-letters", "/ops/lives/user-0", "/ops/lives/a.b",
        "/ops/history", "/ops/doctor", "/ops/audit", "/ops/audit?limit=201", "/ops/streams/nothing/tail",
        "/ops/streams/user-events/tail?after=x")) {
      ask("GET", path, "");
    }
    for (String path : List.of("/ops/streams", "/ops/streams/user-events/entries", "/ops/streams/user-events/tail",
        PENDING, LETTERS + "email-processors", "/ops/lives/user-0", "/ops/live", "/ops/history", "/ops/doctor",
        "/ops/audit")) {
      see(api.request(path));
    }
  }

  private void provokeByLogin() {
    see(login("token=" + TestApi.TOKEN).header("Sec-Fetch-Site", "same-origin"));
    see(login("token=" + TestApi.TOKEN).header("Sec-Fetch-Site", "cross-site"));
    see(login("token=" + "x".repeat(1_100_000)).header("Sec-Fetch-Site", "same-origin"));
    see(request("/ops/logout", "POST", ""));
    see(api.request("/ops/logout").POST(BodyPublishers.noBody()));
    see(api.request("/ops/logout").header("Cookie", session()).POST(BodyPublishers.noBody()));
  }

  /** Last: from then on this address may bring no token. */
  private void provokeByGuesses() {
    for (int i = 0; i < 101; i++) {
      see(login("token=wrong").header("Sec-Fetch-Site", "same-origin"));
    }
  }

  private HttpRequest.Builder login(String form) {
    return api.request("/ops/login")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString(form));
  }

  private void provokeUnavailable() {
    api.store.before(() -> {
      throw new StoreUnavailableException("away");
    });
    for (String path : List.of("/users/u", "/users/u/orders", "/orders/o")) {
      ask("GET", path, "");
    }
    ask("POST", "/users", "{\"email\":\"b@example.com\"}");
    ask("POST", "/orders", order("u"));
    TestApi well = api;
    try (TestApi ill = TestApi.start(() -> List.of("the store does not answer"))) {
      api = ill;
      ask("GET", "/health/ready", "");
    } finally {
      api = well;
    }
  }

  // Server-sent events: OpenAPI 3.1 has no words for them but the description, which names these schemas.

  private void provokeStreams() throws Exception {
    assertThat(firstEvent("/ops/live")).startsWith("event: status");
    firstEvent("/ops/streams/user-events/tail?after=0-0");
  }

  @Test
  void what_is_streamed_is_an_entry_or_a_sample() throws Exception {
    publish();
    assertThat(faults("Entry", firstEvent("/ops/streams/user-events/tail?after=0-0"))).isEmpty();
    assertThat(faults("Sample", firstEvent("/ops/live"))).isEmpty();
  }

  private static List<String> faults(String schema, String event) {
    String data = event.lines().filter(line -> line.startsWith("data: ")).findFirst().orElseThrow().substring(6);
    return ApiDocument.faults(ApiDocument.document().at("/components/schemas/" + schema),
        ApiDocument.parse(data.getBytes(StandardCharsets.UTF_8)));
  }

  private String firstEvent(String path) throws Exception {
    HttpResponse<Stream<String>> response = api.client.send(request(path, "GET", "").build(), BodyHandlers.ofLines());
    try (Stream<String> lines = response.body()) {
      String call = "GET " + path.replaceFirst("\\?.*", "").replace("user-events", "{stream}");
      JsonNode content = ApiDocument.operation(call).at("/responses/200/content");
      assertThat(content.fieldNames()).toIterable().containsExactly("text/event-stream");
      assertThat(response.headers().firstValue("content-type").orElse("")).startsWith("text/event-stream");
      seen.add(call + " " + response.statusCode());
      return String.join("\n", lines.filter(line -> !line.startsWith(":") && !line.isEmpty()).limit(2).toList());
    }
  }

  // Requests: what the document allows is not refused for its shape, and what it forbids is.

  @ParameterizedTest
  @ValueSource(strings = {"/users", "/orders", "/ops/dead-letters/redrive", "/ops/dead-letters/discard"})
  void requests_are_refused_where_the_document_forbids_them_and_only_there(String path) {
    JsonNode media = ApiDocument.operation("POST " + path).at("/requestBody/content/application~1json");
    String user = api.register("ada@elsewhere.example");
    int forbidden = 0;
    for (JsonNode example : media.get("examples")) {
      List<JsonNode> bodies = new ArrayList<>(List.of(example.get("value")));
      mutate(example.get("value"), bodies);
      for (JsonNode body : bodies) {
        boolean allowed = ApiDocument.faults(media.get("schema"), body).isEmpty();
        forbidden += allowed ? 0 : 1;
        assertThat(status(path, known(body, user))).as(body.toString())
            .isIn(allowed ? List.of(200, 201, 404, 409) : List.of(422));
      }
    }
    assertThat(forbidden).isGreaterThan(30);
  }

  /** The examples' user, where there is one, is not known to this server. */
  private static String known(JsonNode body, String user) {
    return body.toString().replace("01a2083f-4747-79ef-95ee-535852fec482", user);
  }

  /** Every body that is the given one but for one place, with something odd there. */
  private static void mutate(JsonNode body, List<JsonNode> into) {
    for (String pointer : pointers(body, "")) {
      for (JsonNode odd : odd()) {
        ObjectNode copy = body.deepCopy();
        JsonNode parent = copy.at(pointer.substring(0, pointer.lastIndexOf('/')));
        String name = pointer.substring(pointer.lastIndexOf('/') + 1);
        if (parent instanceof ObjectNode object) {
          object.set(name, odd);
        } else {
          ((ArrayNode) parent).set(Integer.parseInt(name), odd);
        }
        into.add(copy);
      }
      ObjectNode less = body.deepCopy();
      if (less.at(pointer.substring(0, pointer.lastIndexOf('/'))) instanceof ObjectNode object) {
        object.remove(pointer.substring(pointer.lastIndexOf('/') + 1));
        into.add(less);
      }
    }
  }

  private static List<String> pointers(JsonNode node, String at) {
    var pointers = new ArrayList<String>();
    node.propertyStream().forEach(member -> {
      pointers.add(at + "/" + member.getKey());
      pointers.addAll(pointers(member.getValue(), at + "/" + member.getKey()));
    });
    if (node.isObject()) {
      pointers.add(at + "/unknown");
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      pointers.add(at + "/" + i);
      pointers.addAll(pointers(node.get(i), at + "/" + i));
    }
    return pointers;
  }

  private static List<JsonNode> odd() {
    String odd = """
        [null, true, false, 0, 1, 2, -1, 1.5, 1000000, 1000001, 10001, 1e30, "", " ", "x", "2", "-1", "1.50", "01", "1e3",
         "a b", "ü", "\\u0000", "\\u00a0", "a\\u2028b", "b@example.org", "b@", "EUR", "eur", "1-1", "1-", "user-events",
         "2026-01-02T03:04:05Z", "2026-13-02T03:04:05Z", [], [null], ["1-1"], [{}], {}, {"x": 1}]""";
    var values = new ArrayList<JsonNode>();
    ApiDocument.parse(odd.getBytes(StandardCharsets.UTF_8)).forEach(values::add);
    for (int length : new int[]{64, 65, 200, 201, 255}) {
      values.add(TextNode.valueOf("x".repeat(length)));
      values.add(TextNode.valueOf("\uD83D\uDE00".repeat(length)));
    }
    return values;
  }

  /** A user that nobody knows is refused for what it is, not for its shape. */
  private int status(String path, String body) {
    TestApi.Answer answer = api.send(request(path, "POST", body));
    int status = answer.response().statusCode();
    return status == 422 && answer.text().endsWith("[{\"field\":\"/userId\",\"message\":\"is no user's id\"}]}")
        ? 404
        : status;
  }

  // Asking.

  private JsonNode ask(String method, String path, String body) {
    HttpResponse<byte[]> answer = see(request(path, method, body));
    boolean json = answer.headers().firstValue("content-type").orElse("").endsWith("json");
    return json ? ApiDocument.parse(answer.body()) : Json.object();
  }

  private HttpRequest.Builder request(String path, String method, String body) {
    return api.authorized(path)
        .header("Content-Type", "application/json")
        .method(method, BodyPublishers.ofString(body));
  }

  private HttpResponse<byte[]> see(HttpRequest.Builder request) {
    try {
      HttpResponse<byte[]> answer = api.client.send(request.build(), BodyHandlers.ofByteArray());
      ApiDocument.check(answer).ifPresent(seen::add);
      return answer;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private String session() {
    return see(login("token=" + TestApi.TOKEN).header("Sec-Fetch-Site", "same-origin")).headers()
        .firstValue("set-cookie")
        .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
        .orElse("none");
  }

  private static String order(String user) {
    return "{\"userId\":\"" + user
        + "\",\"currency\":\"EUR\",\"items\":[{\"sku\":\"A-1\",\"quantity\":2,\"unitPrice\":\"19.99\"}]}";
  }

  private void publish() {
    api.messaging.publisher()
        .publish(UserEvent.TOPIC, List.of(new Recorded<UserEvent>(new EventId(new UUID(1, 0)), TestApi.NOW,
            new UserCreated(new UserId("user-0"), new EmailAddress("0@example.com"), Optional.empty()))));
  }
}
