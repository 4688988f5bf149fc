package dev.tributary.adapters.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What HTTP and JSON themselves ask of a request, and what becomes of requests that fail them. */
class ProtocolTest {

  private static final String VALID = "{\"email\":\"a@example.com\"}";

  private TestApi api;

  @BeforeEach
  void start() {
    api = TestApi.start();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{", "{\"email\":\"a@example.com\"", "{\"email\":\"a@example.com\"} {}",
      "{\"email\":\"a@example.com\"}]", "{email:\"a@example.com\"}", "{'email':'a@example.com'}",
      "{\"email\":\"a@example.com\",}", "{\"email\":\"a@example.com\",\"email\":\"b@example.com\"}",
      "{\"email\":\"a@example.com\",\"x\":{\"y\":1,\"y\":1}}", "{\"email\":NaN}", "// a\n{}", "\uFEFF{}",
      "{\"email\":\"a\nb\"}",
      "{\"\\ud800\":1}"})
  void whatIsNotJsonIsMalformed(String body) {
    api.post("/users", body).problem(400);
  }

  @Test
  void nestingIsRefusedBeyondItsBound() {
    api.post("/users", "{\"x\":" + "[".repeat(31) + "]".repeat(31) + "}").invalid("/email", "/x");
    api.post("/users", "{\"x\":" + "[".repeat(32) + "]".repeat(32) + "}").problem(400);
    api.post("/users", "[".repeat(100_000)).problem(400);
  }

  @ParameterizedTest
  @ValueSource(ints = {19, 1000, 1001, 50_001, 262_000})
  void whatIsLongIsInvalidAndNotMalformed(int length) {
    String digits = "9".repeat(length);
    String name = "n".repeat(length);
    String order = "{\"userId\":\"u\",\"currency\":\"EUR\",\"items\":[{\"sku\":\"A\",\"quantity\":%s,\"unitPrice\":\"1\"}]}";
    api.post("/orders", order.formatted(digits)).invalid("/items/0/quantity");
    api.post("/orders", order.formatted("-" + digits)).invalid("/items/0/quantity");
    api.post("/orders", order.formatted("1." + digits)).invalid("/items/0/quantity");
    api.post("/users", "{\"email\":" + digits + "}").invalid("/email");
    api.post("/users", "{\"" + name + "\":1}").invalid("/email", "/" + name);
  }

  @Test
  void aBodyMustBeUtf8() {
    for (byte[] bad : new byte[][]{{'"', (byte) 0xff, '"'}, {'"', (byte) 0xc0, (byte) 0xaf, '"'},
        {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'}, VALID.getBytes(StandardCharsets.UTF_16BE),
        VALID.getBytes(Charset.forName("UTF-32LE"))}) {
      api.post("/users", "application/json", BodyPublishers.ofByteArray(bad)).problem(400);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/jsonp", "application/json2",
      "application/problem+json", "*/*", "application/json, text/plain", "json"})
  void whatIsNotSaidToBeJsonIsRefused(String type) {
    api.post("/users", type, BodyPublishers.ofString(VALID)).problem(415);
  }

  @Test
  void aBodyWithoutATypeIsRefused() {
    api.send(api.request("/users").POST(BodyPublishers.ofString(VALID))).problem(415);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8",
      "Application/JSON ; x=y", "application/json; charset"})
  void jsonMayHaveParameters(String type) {
    api.post("/users", type, BodyPublishers.ofString(VALID)).expect(201);
  }

  @Test
  void aBodyMayHave256KiB() {
    String longest = VALID + " ".repeat(256 * 1024 - VALID.length());
    api.post("/users", longest).expect(201);
    api.post("/users", longest + " ").problem(413);
    api.post("/users", "x".repeat(900_000)).problem(413);
  }

  /** That the connection goes on shows that the body was read; where it isn't, the answer itself is lost now and then. */
  @Test
  void aLongBodyThatIsRefusedUnreadDoesNotHideTheAnswer() {
    for (String start : new String[]{"POST /users HTTP/1.1\r\nContent-Type: text/plain", "POST /nothing HTTP/1.1"}) {
      String answers = api.rawText(start + "\r\nHost: a\r\nContent-Length: 900000\r\n\r\n" + "x".repeat(900_000)
          + "GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

      assertThat(answers).startsWith("HTTP/1.1 4").endsWith("{\"status\":\"up\"}");
    }
  }

  @Test
  void aClientMayAskBeforeItSendsItsBody() {
    api.send(api.request("/users")
        .expectContinue(true)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(VALID))).expect(201);
    api.send(api.request("/users")
        .expectContinue(true)
        .header("Content-Type", "text/plain")
        .POST(BodyPublishers.ofString(VALID))).problem(415);
  }

  @Test
  void aBodyInChunksMayHave256KiBToo() {
    byte[] longest = (VALID + " ".repeat(256 * 1024 - VALID.length())).getBytes(StandardCharsets.UTF_8);
    byte[] longer = (VALID + " ".repeat(256 * 1024)).getBytes(StandardCharsets.UTF_8);
    api.post("/users", "application/json", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(longest)))
        .expect(201);
    api.post("/users", "application/json", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(longer)))
        .problem(413);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      GET     | /users                    | POST
      HEAD    | /users                    | POST
      DELETE  | /users/u                  | GET, HEAD
      PUT     | /users/u/orders           | GET, HEAD
      PATCH   | /orders                   | POST
      OPTIONS | /orders/o                 | GET, HEAD
      TRACE   | /orders/o                 | GET, HEAD
      BREW    | /orders                   | POST
      POST    | /health/live              | GET, HEAD
      POST    | /health/ready             | GET, HEAD
      """)
  void aMethodThatIsNotThereIsRefusedWithThoseThatAre(String method, String path, String allowed) {
    String answer = api.raw(method + " " + path + " HTTP/1.1", "Host: a", "Accept: text/html", "Connection: close");

    assertProblem(answer, 405, method.equals("HEAD"));
    assertThat(answer).contains("\r\nAllow: " + allowed + "\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/nothing", "/users/u/nothing", "/health", "/USERS", "/users;a=b", "/openapi.yaml"})
  void anUnknownPathIsNotFound(String path) {
    api.get(path).problem(404);
    api.send(api.request(path).header("Accept", "text/html")).problem(404);
    api.send(api.request(path).header("Accept", "text/plain").POST(BodyPublishers.noBody())).problem(404);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      GET /users/..%2fhealth HTTP/1.1       | 400
      GET /users/%2e%2e/health HTTP/1.1     | 400
      GET /users/..;/health HTTP/1.1        | 400
      GET /users//orders HTTP/1.1           | 400
      GET /users/%zz HTTP/1.1               | 400
      GET /users/%ff HTTP/1.1               | 400
      GET /users/%00 HTTP/1.1               | 400
      GET /../../etc/passwd HTTP/1.1        | 400
      GET /users/a\\b HTTP/1.1              | 400
      GET nonsense HTTP/1.1                 | 400
      GET / HTTP/9.9                        | 505
      GET /                                 | 505
      nonsense                              | 400
      G<T / HTTP/1.1                        | 400
      OPTIONS * HTTP/1.1                    | 404
      get /health/live HTTP/1.1             | 405
      """)
  void whatIsNotProperHttpIsAProblemInOurWords(String line, int status) {
    assertProblem(api.raw(line, "Host: a", "Connection: close"), status, false);
  }

  @Test
  void brokenHeadersAndBodiesAreProblemsInOurWords() {
    assertProblem(api.raw("GET /health/live HTTP/1.1", "Connection: close"), 400, false);
    assertProblem(api.raw("POST /users HTTP/1.1", "Host: a", "Content-Length: x"), 400, false);
    assertProblem(api.raw("POST /users HTTP/1.1", "Host: a", "Content-Length: 2", "Content-Length: 3"), 400, false);
    assertProblem(api.raw("POST /users HTTP/1.1", "Host: a", "Connection: close", "Content-Type: application/json",
        "Transfer-Encoding: chunked", "", "nonsense"), 400, false);
    assertProblem(api.raw("GET /health/live HTTP/1.1", "Host: a", "Expect: nonsense", "Connection: close"), 417, false);
  }

  /** Not a byte more than is read before the refusal: a connection closed with bytes unread may lose the answer on its way. */
  @Test
  void overlongHeadersAreProblemsInOurWords() {
    assertProblem(api.rawText(longerThanAHead("GET /health/live HTTP/1.1\r\nHost: a\r\nX: ")), 431, false);
    assertProblem(api.rawText(longerThanAHead("GET /")), 414, false);
  }

  private static String longerThanAHead(String start) {
    return start + "x".repeat(8 * 1024 + 1 - start.length());
  }

  @Test
  void anAbsoluteTargetIsServed() {
    assertThat(api.raw("GET http://a/health/live HTTP/1.1", "Host: a", "Connection: close"))
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  void noHeaderTurnsOneMethodOrProtocolIntoAnother() {
    assertThat(api.raw("GET /health/live HTTP/1.1", "Host: a", "X-HTTP-Method-Override: DELETE",
        "Sec-WebSocket-Version: 13", "Connection: close")).startsWith("HTTP/1.1 200 ");
    assertProblem(api.raw("GET /users HTTP/1.1", "Host: a", "X-HTTP-Method-Override: POST", "Connection: close"), 405,
        false);
  }

  @Test
  void headAnswersLikeGetWithoutABody() {
    String id = api.register("a@example.com");
    TestApi.Answer got = api.get("/users/" + id);
    TestApi.Answer head = api.send(api.request("/users/" + id).HEAD()).expect(200);

    assertThat(head.text()).isEmpty();
    assertThat(head.header("content-type")).isEqualTo("application/json");
    assertThat(head.header("content-length")).isEqualTo(Integer.toString(got.response().body().length));
    assertThat(api.send(api.request("/users/nobody").HEAD()).expect(404).header("content-type"))
        .isEqualTo("application/problem+json");
  }

  @Test
  void aLongAnswerGoesOutWhole() {
    String fields = ",\"" + "x".repeat(1000) + "\":1";
    var body = new StringBuilder("{\"email\":\"a\"");
    for (int i = 0; i < 200; i++) {
      body.append(fields.replace(":1", i + "\":1").replace("\"" + i, Integer.toString(i)));
    }

    assertThat(api.post("/users", body + "}").problem(422).fields()).hasSize(201);
  }

  private static void assertProblem(String answer, int status, boolean head) {
    TestApi.assertHarmless(answer);
    assertThat(answer).startsWith("HTTP/1.1 " + status + " ")
        .contains("application/problem+json")
        .doesNotContainIgnoringCase("\r\nserver:");
    String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
    if (head) {
      assertThat(body).isEmpty();
    } else {
      assertThat(body).contains("\"type\":\"about:blank\"", "\"status\":" + status);
    }
  }
}
