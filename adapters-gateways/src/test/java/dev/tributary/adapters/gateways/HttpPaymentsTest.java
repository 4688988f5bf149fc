package dev.tributary.adapters.gateways;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tributary.application.Answer;
import dev.tributary.application.Payments;
import dev.tributary.application.Payments.Result;
import dev.tributary.application.Tracing;
import dev.tributary.domain.messaging.TraceParent;
import dev.tributary.domain.order.Money;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.user.UserId;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Payments, and with them everything that they share with shipping. */
class HttpPaymentsTest {

  private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final OrderId ORDER = new OrderId("01890a5d-ac96-774b-bcce-b302099a8057");
  private static final UserId USER = new UserId("user_1");
  private static final Money AMOUNT = Money.parse("1234.5", Money.currency("EUR"));

  private final HttpClient client = JsonService.newClient();

  private final FakeTracing tracing = new FakeTracing();

  @AfterEach
  void closes() {
    client.shutdownNow();
    client.close();
  }

  @ParameterizedTest
  @CsvSource({"'', /payments", "/, /payments", "/v1, /v1/payments", "/v1/, /v1/payments"})
  void asks_as_agreed(String base, String path) throws Exception {
    try (var server = RawHttpServer.answering(201, "", "{\"paymentId\":\"p-1\"}")) {
      assertThat(payments(server.uri(base)).capture(ORDER, USER, AMOUNT))
          .isEqualTo(new Answer.Done<>(new Result.Captured("p-1")));
      String body = "{\"orderId\":\"01890a5d-ac96-774b-bcce-b302099a8057\",\"userId\":\"user_1\",\"amount\":\"1234.50\",\"currency\":\"EUR\"}";
      assertThat(server.requests()).singleElement()
          .asString()
          .startsWith("POST " + path + " HTTP/1.1\r\n")
          .contains("\r\nIdempotency-Key: 01890a5d-ac96-774b-bcce-b302099a8057\r\n",
              "\r\nContent-Type: application/json\r\n", "\r\nAccept: application/json\r\n")
          .endsWith("\r\n\r\n" + body)
          .doesNotContain("Upgrade");
    }
  }

  @Test
  void passes_the_trace_on() throws Exception {
    tracing.follow(new TraceParent("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true));
    try (var server = RawHttpServer.answering(402, "", "{\"code\":\"no_funds\"}")) {
      payments(server.uri("/v1/")).capture(ORDER, USER, AMOUNT);
      assertThat(server.requests()).singleElement()
          .asString()
          .contains("\r\ntraceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n");
      assertThat(tracing.told())
          .containsExactly("POST " + server.uri("/v1/payments"), "answered 402", "closed");
    }
  }

  @Test
  void passes_no_trace_on_where_there_is_none() throws Exception {
    try (var server = RawHttpServer.answering(200, "", "{\"paymentId\":\"p-1\"}")) {
      payments(server.uri("/")).capture(ORDER, USER, AMOUNT);
      assertThat(server.requests()).singleElement().asString().doesNotContainIgnoringCase("trace");
    }
  }

  @Test
  void tells_why_there_was_no_answer() throws Exception {
    try (var server = RawHttpServer.hangingAfter("")) {
      new HttpPayments(new JsonService("payments", client, server.uri(""), CLOCK, tracing, SHORT))
          .capture(ORDER, USER, AMOUNT);
      assertThat(tracing.told()).containsExactly("POST " + server.uri("/payments"), "failed timeout", "closed");
    }
    tracing.told().clear();
    payments(URI.create("http://nobody.invalid")).capture(ORDER, USER, AMOUNT);
    assertThat(tracing.told()).containsExactly("POST http://nobody.invalid/payments",
        "failed java.net.ConnectException", "closed");
  }

  @Test
  void asks_again_with_the_same_bytes() throws Exception {
    try (var server = RawHttpServer.answering(200, "", "{\"paymentId\":\"p-1\",\"more\":[1,{}]}")) {
      var payments = payments(server.uri("/"));
      assertThat(payments.capture(ORDER, USER, AMOUNT)).isEqualTo(payments.capture(ORDER, USER, AMOUNT));
      assertThat(server.requests()).hasSize(2);
      assertThat(server.requests().getFirst()).isEqualTo(server.requests().getLast());
    }
  }

  @Test
  void takes_a_decline_as_an_answer() throws Exception {
    assertThat(answer(402, "", "{\"code\":\"insufficient_funds\"}"))
        .isEqualTo(new Answer.Done<>(new Result.Declined("insufficient_funds")));
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504, 599})
  void may_work_later(int status) throws Exception {
    assertThat(answer(status, "", "<b>secret</b>"))
        .isEqualTo(new Answer.Unavailable<>(Optional.empty(), "payments answered " + status));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 407, 409, 410, 413, 415, 422, 451, 499})
  void never_works(int status) throws Exception {
    assertThat(answer(status, "Retry-After: 1\r\n", "<b>secret</b>"))
        .isEqualTo(new Answer.Refused<>("payments answered " + status));
  }

  @ParameterizedTest
  @ValueSource(ints = {202, 204, 206, 300, 304})
  void takes_no_other_success(int status) throws Exception {
    assertThat(answer(status, "", status == 204 || status == 304 ? "" : "{\"paymentId\":\"p-1\"}"))
        .isEqualTo(new Answer.Unavailable<>(Optional.empty(), "payments answered " + status));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void follows_no_redirect(int status) throws Exception {
    try (var elsewhere = RawHttpServer.answering(200, "", "{\"paymentId\":\"stolen\"}")) {
      assertThat(answer(status, "Location: " + elsewhere.uri("/payments") + "\r\n", ""))
          .isEqualTo(new Answer.Unavailable<>(Optional.empty(), "payments answered " + status));
      assertThat(elsewhere.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"0, PT0S", "7, PT7S", "' 120 ', PT2M", "86400, PT24H", "86401, PT24H", "99999999999999999999999, PT24H",
      "'Thu, 01 Jan 2026 00:01:30 GMT', PT1M30S", "'Wed, 31 Dec 2025 23:59:59 GMT', PT0S",
      "'Fri, 01 Jan 2027 00:00:00 GMT', PT24H", "'Thursday, 01-Jan-26 00:01:30 GMT', PT1M30S",
      "'Sunday, 06-Nov-94 08:49:37 GMT', PT0S", "'Saturday, 01-Jan-77 00:00:00 GMT', PT0S",
      "'Friday, 01-Jan-27 00:00:00 GMT', PT24H",
      "'Thu Jan  1 00:01:30 2026', PT1M30S", "'Wed Dec 31 23:59:59 2025', PT0S", "'Fri Jan  1 00:00:00 2027', PT24H"})
  void hears_how_long_to_wait(String retryAfter, Duration expected) throws Exception {
    for (int status : new int[]{429, 503}) {
      assertThat(answer(status, "Retry-After: " + retryAfter + "\r\n", ""))
          .isEqualTo(new Answer.Unavailable<>(Optional.of(expected), "payments answered " + status));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "soon", "1.5", "٣", "Thu, 99 Jan 2026 00:00:00 GMT",
      "Thursday, 99-Jan-26 00:00:00 GMT", "Thu Jan 99 00:00:00 2026", ""})
  void takes_no_nonsense_for_a_time(String retryAfter) throws Exception {
    assertThat(answer(503, "Retry-After: " + retryAfter + "\r\n", ""))
        .isEqualTo(new Answer.Unavailable<>(Optional.empty(), "payments answered 503"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "secret", "null", "[]", "\"p-1\"", "{}", "{\"paymentId\":null}", "{\"paymentId\":1.5}",
      "{\"paymentId\":1e3}", "{\"paymentId\":true}",
      "{\"paymentId\":\"\"}", "{\"paymentId\":\" \"}", "{\"paymentId\":\"a\\u00a0b\"}", "{\"paymentId\":\"a\\r\\nb\"}",
      "{\"paymentId\":\"a\\u202eb\"}", "{\"paymentId\":\"\\ud800\"}", "{\"paymentId\":{\"a\":1}}",
      "{\"paymentId\":\"a\"", "{\"paymentId\":\"a\"}{}", "{\"paymentId\":\"a\",\"paymentId\":\"b\"}",
      "{'paymentId':'a'}", "[{\"paymentId\":\"a\"}]"})
  void takes_nothing_that_was_not_promised(String body) throws Exception {
    assertThat(answer(200, "", body))
        .isEqualTo(new Answer.Unavailable<>(Optional.empty(), "payments answered 200 without a valid paymentId"));
    assertThat(answer(402, "", body.replace("paymentId", "code")))
        .isEqualTo(new Answer.Done<>(new Result.Declined("declined")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "51", "-7", "12345678901234567890123456789"})
  void takes_whole_numbers_as_their_decimal_text(String number) throws Exception {
    assertThat(answer(201, "", "{\"paymentId\":" + number + "}"))
        .isEqualTo(new Answer.Done<>(new Result.Captured(number)));
    assertThat(answer(402, "", "{\"code\":" + number + "}"))
        .isEqualTo(new Answer.Done<>(new Result.Declined(number)));
  }

  @ParameterizedTest
  @CsvSource({"200", "201"})
  void takes_numbers_of_at_most_200_digits(int status) throws Exception {
    assertThat(answer(status, "", "{\"paymentId\":" + "9".repeat(200) + "}"))
        .isEqualTo(new Answer.Done<>(new Result.Captured("9".repeat(200))));
    assertThat(answer(status, "", "{\"paymentId\":" + "9".repeat(201) + "}")).isInstanceOf(Answer.Unavailable.class);
    assertThat(answer(status, "", "{\"paymentId\":" + "9".repeat(60_000) + "}")).isInstanceOf(Answer.Unavailable.class);
  }

  @Test
  void survives_json_nested_too_deeply() throws Exception {
    assertThat(answer(200, "", "[".repeat(60_000))).isInstanceOf(Answer.Unavailable.class);
  }

  @Test
  void takes_ids_of_at_most_200_characters() throws Exception {
    String longest = "é".repeat(199) + "😀";
    assertThat(answer(200, "", "{\"paymentId\":\"with a blank\"}")).isInstanceOf(Answer.Done.class);
    assertThat(answer(200, "", "{\"paymentId\":\"" + longest + "\"}"))
        .isEqualTo(new Answer.Done<>(new Result.Captured(longest)));
    assertThat(answer(200, "", "{\"paymentId\":\"" + longest + "x\"}")).isInstanceOf(Answer.Unavailable.class);
  }

  @Test
  void takes_answers_of_at_most_64_KiB() throws Exception {
    String id = "{\"paymentId\":\"p\"}";
    assertThat(answer(200, "", id + " ".repeat(65_536 - id.length()))).isInstanceOf(Answer.Done.class);
    assertThat(answer(200, "", id + " ".repeat(65_537 - id.length()))).isInstanceOf(Answer.Unavailable.class);
  }

  @Test
  void stops_reading_an_endless_answer() throws Exception {
    byte[] kilobyte = " ".repeat(1024).getBytes(StandardCharsets.US_ASCII);
    try (var server = new RawHttpServer((out, _) -> {
      out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      while (true) {
        out.write(kilobyte);
      }
    })) {
      assertThat(payments(server.uri("/")).capture(ORDER, USER, AMOUNT)).isEqualTo(
          new Answer.Unavailable<>(Optional.empty(), "payments broke off, or answered with more than 64 KiB"));
      await().until(() -> server.cut() == 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"is endless", "hangs", "breaks off"})
  void judges_by_the_status_where_that_says_all_whatever_becomes_of_the_body(String body) throws Exception {
    assertThat(headThen("400 No\r\n", body)).isEqualTo(new Answer.Refused<>("payments answered 400"));
    assertThat(headThen("503 Later\r\nRetry-After: 7\r\n", body))
        .isEqualTo(new Answer.Unavailable<>(Optional.of(Duration.ofSeconds(7)), "payments answered 503"));
    assertThat(headThen("402 Declined\r\n", body)).isEqualTo(new Answer.Done<>(new Result.Declined("declined")));
    assertThat(headThen("200 OK\r\n", body)).isInstanceOf(Answer.Unavailable.class)
        .asString()
        .doesNotContain("answered 200");
  }

  private Answer<Result> headThen(String head, String body) throws Exception {
    byte[] kilobyte = "x".repeat(1024).getBytes(StandardCharsets.US_ASCII);
    try (var server = new RawHttpServer((out, closed) -> {
      out.write(("HTTP/1.1 " + head + "Content-Length: 99999999\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      while (body.equals("is endless")) {
        out.write(kilobyte);
      }
      if (body.equals("hangs")) {
        closed.await();
      }
    })) {
      var payments = new HttpPayments(new JsonService("payments", client, server.uri("/"), CLOCK, Tracing.NONE, SHORT));
      Answer<Result> answer = payments.capture(ORDER, USER, AMOUNT);
      await().until(() -> body.equals("breaks off") || server.cut() == 1);
      return answer;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\n{\"paymentId\"",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n13\r\n{\"paymentId\":\"p-1\"}\r\n"})
  void waits_no_longer_than_its_timeout_wherever_the_answer_stops(String start) throws Exception {
    try (var server = RawHttpServer.hangingAfter(start)) {
      var payments = new HttpPayments(new JsonService("payments", client, server.uri("/"), CLOCK, Tracing.NONE, SHORT));
      assertThat(payments.capture(ORDER, USER, AMOUNT))
          .isEqualTo(new Answer.Unavailable<>(Optional.empty(), "payments did not answer within 300 ms"));
      await().until(() -> server.cut() == 1);
    }
  }

  @Test
  void waits_no_longer_for_an_answer_that_trickles() throws Exception {
    try (var server = new RawHttpServer((out, closed) -> {
      out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      while (!closed.await(20, java.util.concurrent.TimeUnit.MILLISECONDS)) {
        out.write(' ');
      }
    })) {
      var payments = new HttpPayments(new JsonService("payments", client, server.uri("/"), CLOCK, Tracing.NONE, SHORT));
      assertThat(payments.capture(ORDER, USER, AMOUNT)).isInstanceOf(Answer.Unavailable.class);
      await().until(() -> server.cut() == 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Le", "SSH-2.0-secret\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\n{\"paymentId\":"})
  void may_work_later_after_a_broken_answer(String start) throws Exception {
    try (var server = new RawHttpServer((out, _) -> out.write(start.getBytes(StandardCharsets.US_ASCII)))) {
      assertThat(payments(server.uri("/")).capture(ORDER, USER, AMOUNT)).isEqualTo(
          new Answer.Unavailable<>(Optional.empty(), "payments broke off, or answered with more than 64 KiB"));
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void may_work_later_when_nobody_listens() throws Exception {
    int port;
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
    }
    assertThat(payments(URI.create("http://127.0.0.1:" + port)).capture(ORDER, USER, AMOUNT))
        .isEqualTo(new Answer.Unavailable<>(Optional.empty(), "no connection to payments"));
    assertThat(payments(URI.create("http://nobody.invalid")).capture(ORDER, USER, AMOUNT))
        .isEqualTo(new Answer.Unavailable<>(Optional.empty(), "no connection to payments"));
  }

  @Test
  void cuts_the_exchange_when_interrupted() throws Exception {
    try (var server = RawHttpServer.hangingAfter("")) {
      var outcome = new CompletableFuture<Answer<Result>>();
      Thread caller = Thread.ofVirtual().start(() -> complete(outcome, payments(server.uri("/"))));
      await().until(() -> server.requests().size() == 1);
      caller.interrupt();
      assertThatThrownBy(outcome::join).hasCauseInstanceOf(InterruptedException.class);
      await().until(() -> server.cut() == 1);
    }
  }

  @Test
  void asks_nothing_once_interrupted() throws Exception {
    try (var server = RawHttpServer.answering(200, "", "{\"paymentId\":\"p-1\"}")) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> payments(server.uri("/")).capture(ORDER, USER, AMOUNT))
          .isInstanceOf(InterruptedException.class);
      assertThat(Thread.interrupted()).isFalse();
      assertThat(server.requests()).isEmpty();
    }
  }

  private static void complete(CompletableFuture<Answer<Result>> outcome, Payments payments) {
    try {
      outcome.complete(payments.capture(ORDER, USER, AMOUNT));
    } catch (InterruptedException e) {
      outcome.completeExceptionally(e);
    }
  }

  private Answer<Result> answer(int status, String headers, String body) throws Exception {
    try (var server = RawHttpServer.answering(status, headers, body)) {
      return payments(server.uri("/")).capture(ORDER, USER, AMOUNT);
    }
  }

  private HttpPayments payments(URI base) {
    return new HttpPayments(new JsonService("payments", client, base, CLOCK, tracing));
  }
}
