package dev.tributary.adapters.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyTest {

  private TestApi api;
  private String order;

  @BeforeEach
  void start() {
    api = TestApi.start();
    order = "{\"userId\":\"" + api.register("buyer@example.com")
        + "\",\"currency\":\"EUR\",\"items\":[{\"sku\":\"A\",\"quantity\":1,\"unitPrice\":\"1.00\"}]}";
  }

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void theFirstAnswerComesAgain() {
    TestApi.Answer first = post("/orders", "k", order).expect(201);
    TestApi.Answer second = post("/orders", "k", order).expect(201);

    assertThat(first.header("Idempotency-Replayed")).isEmpty();
    assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(second.header("Location")).isEqualTo(first.header("Location"));
    assertThat(second.text()).isEqualTo(first.text());
  }

  @Test
  void theOrderOfMembersAndBlanksDoNotMatter() {
    String first = post("/users", "k", "{\"email\":\"a@b\",\"name\":\"Ada\"}").expect(201).text();
    assertThat(post("/users", "k", "{ \"name\" : \"Ada\", \"email\" : \"a@b\" }").expect(201).text()).isEqualTo(first);
  }

  @Test
  void anotherBodyUnderTheSameKeyIsRefused() {
    post("/users", "k", "{\"email\":\"a@b\"}").expect(201);
    post("/users", "k", "{\"email\":\"b@b\"}").problem(422);
    post("/users", "k2", "{\"email\":\"a@b\"}").problem(409);
  }

  @Test
  void aKeyIsOfOneRouteAlone() {
    post("/users", "k", "{\"email\":\"a@b\"}").expect(201);
    post("/orders", "k", order).expect(201);
  }

  @Test
  void anInvalidRequestUsesUpNoKey() {
    post("/users", "k", "{\"email\":\"\"}").problem(422);
    post("/users", "k", "{\"email\":\"a@b\"}").expect(201);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "\u00e9"})
  void aBadKeyIsRefused(String key) {
    assertThat(api.raw("POST /users HTTP/1.1", "Host: a", "Connection: close", "Content-Type: application/json",
        "Content-Length: 0", "Idempotency-Key: " + key)).startsWith("HTTP/1.1 4");
  }

  @Test
  void aKeyThatIsTooLongIsRefused() {
    post("/users", "k".repeat(256), "{\"email\":\"a@b\"}").invalid("Idempotency-Key");
    post("/users", "k".repeat(255), "{\"email\":\"a@b\"}").expect(201);
  }

  @Test
  void twoKeysAreNone() {
    var request = api.request("/users")
        .header("Content-Type", "application/json")
        .header("Idempotency-Key", "a")
        .header("Idempotency-Key", "b")
        .POST(BodyPublishers.ofString("{\"email\":\"a@b\"}"));
    api.send(request).invalid("Idempotency-Key");
  }

  @Test
  void whileTheFirstIsRunningTheSecondIsRefused() throws Exception {
    var inStore = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var calls = new AtomicInteger();
    api.store.before(() -> {
      if (calls.getAndIncrement() == 0) {
        inStore.countDown();
        awaitShortly(goOn);
      }
    });
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = threads.submit(() -> post("/orders", "k", order));
      assertThat(inStore.await(20, TimeUnit.SECONDS)).isTrue();

      post("/orders", "k", order).problem(409);
      post("/orders", "k2", order).expect(201);
      post("/users", "k", "{\"email\":\"a@b\"}").expect(201);

      goOn.countDown();
      first.get().expect(201);
    }
    assertThat(post("/orders", "k", order).expect(201).header("Idempotency-Replayed")).isEqualTo("true");
  }

  @Test
  void whoHangsUpBeforeTheAnswerGetsTheSameOrderByAskingAgain() throws Exception {
    try (var client = new Socket(InetAddress.getLoopbackAddress(), api.api.port())) {
      client.getOutputStream()
          .write(
              ("POST /orders HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nIdempotency-Key: k\r\nContent-Length: "
                  + order.length() + "\r\n\r\n" + order).getBytes(StandardCharsets.US_ASCII));
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> post("/orders", "k", order).response().statusCode() == 201);
    await().atMost(Duration.ofSeconds(20)).until(() -> orders() == 1);
    assertThat(post("/orders", "k", order).expect(201).header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(orders()).isEqualTo(1);
  }

  private int orders() {
    String user = order.substring(order.indexOf(':') + 2, order.indexOf(",") - 1);
    return api.get("/users/" + user + "/orders").expect(200).json().get("items").size();
  }

  private TestApi.Answer post(String path, String key, String json) {
    return api.send(api.request(path)
        .timeout(Duration.ofSeconds(30))
        .header("Content-Type", "application/json")
        .header("Idempotency-Key", key)
        .POST(BodyPublishers.ofString(json)));
  }

  private static void awaitShortly(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
