package dev.tributary.adapters.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HttpApiTest {

  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final String BEGIN = "{\"email\":";
  private static final String REST = "\"ada@example.com\"}";

  @Test
  void anOccupiedPortIsNamed() throws IOException {
    try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var api = new TestApi(new HttpSettings("127.0.0.1", other.getLocalPort(), true, "token"), GRACE)) {
      assertThatThrownBy(api.api::start).isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("cannot listen on 127.0.0.1:" + other.getLocalPort() + ": Address already in use");
    }
  }

  @ParameterizedTest
  @CsvSource({"203.0.113.1, Cannot assign requested address", "no such host, this name has no address"})
  void anAddressThatIsNotOursIsNamed(String host, String reason) {
    try (var api = new TestApi(new HttpSettings(host, 0, true, "token"), GRACE)) {
      assertThatThrownBy(api.api::start).isInstanceOf(UncheckedIOException.class)
          .cause()
          .hasMessage("cannot listen on " + host + ":0: " + reason);
    }
  }

  @Test
  void itCanBeClosedTwiceAndWithoutAStart() {
    TestApi api = TestApi.start();
    api.close();
    api.close();
    new TestApi(new HttpSettings("127.0.0.1", 0, true, "token"), GRACE).close();
  }

  @Test
  void aRequestInFlightIsAnsweredWhileTheServerCloses() throws Exception {
    TestApi api = TestApi.start();
    var arrived = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    api.store.before(() -> {
      arrived.countDown();
      await(goOn);
    });
    CompletableFuture<HttpResponse<String>> answer = api.client
        .sendAsync(api.request("/users/nobody").build(), BodyHandlers.ofString());
    await(arrived);
    CompletableFuture<Void> closing = close(api);

    assertThat(answer).isNotDone();
    assertThat(closing).isNotDone();
    goOn.countDown();

    assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(404);
    closing.get(10, TimeUnit.SECONDS);
    api.client.close();
  }

  @Test
  void aBodyThatArrivesWithinTheGraceIsTakenWhileTheServerCloses() throws Exception {
    TestApi api = TestApi.start(true, Duration.ofSeconds(30));
    try (Socket client = beginPost(api, true)) {
      CompletableFuture<Void> closing = close(api);
      // Longer than an unused connection may stay.
      LockSupport.parkNanos(Duration.ofMillis(1_500).toNanos());
      assertThat(closing).isNotDone();

      write(client, REST);

      assertThat(all(client)).startsWith("HTTP/1.1 201 ").contains("Connection: close");
      closing.get(10, TimeUnit.SECONDS);
    }
    api.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aBodyThatDoesNotArriveWhileTheServerClosesIsToBeSentAgain(boolean expectsToBeAsked) throws Exception {
    TestApi api = TestApi.start(true, Duration.ofSeconds(2));
    try (Socket client = beginPost(api, expectsToBeAsked)) {
      CompletableFuture<Void> closing = close(api);

      assertThat(all(client)).startsWith("HTTP/1.1 503 ").contains("Retry-After: 1", "The server is stopping.");
      closing.get(10, TimeUnit.SECONDS);
    }
    api.close();
  }

  @Test
  void aRequestThatDoesNotEndIsCutOffAfterTheGrace() {
    TestApi api = TestApi.start(true, Duration.ofMillis(200));
    var arrived = new CountDownLatch(1);
    var never = new CountDownLatch(1);
    api.store.before(() -> {
      arrived.countDown();
      await(never);
    });
    CompletableFuture<HttpResponse<String>> answer = api.client
        .sendAsync(api.request("/users/nobody").build(), BodyHandlers.ofString());
    await(arrived);

    api.api.close();

    assertThat(answer).failsWithin(Duration.ofSeconds(10));
    never.countDown();
    api.client.close();
  }

  @Test
  void idleConnectionsDoNotHoldUpTheEnd() {
    TestApi api = TestApi.start(true, Duration.ofSeconds(30));
    api.get("/health/live").expect(200);
    long start = System.nanoTime();

    api.api.close();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    api.client.close();
  }

  /** Returns when the server is at it. */
  private static Socket beginPost(TestApi api, boolean expectsToBeAsked) throws IOException {
    var client = new Socket(InetAddress.getLoopbackAddress(), api.api.port());
    client.setSoTimeout(20_000);
    write(client, """
        POST /users HTTP/1.1\r
        Host: localhost\r
        Content-Type: application/json\r
        Content-Length: %d\r
        %s\r
        """.formatted(BEGIN.length() + REST.length(), expectsToBeAsked ? "Expect: 100-continue\r\n" : ""));
    if (expectsToBeAsked) {
      int interim = "HTTP/1.1 100 Continue\r\n\r\n".length();
      assertThat(client.getInputStream().readNBytes(interim)).hasSize(interim);
    }
    write(client, BEGIN);
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> api.tracing.told.contains("POST begins"));
    return client;
  }

  /** Returns when the port is closed. */
  private static CompletableFuture<Void> close(TestApi api) throws IOException {
    int port = api.api.port();
    CompletableFuture<Void> closing = CompletableFuture.runAsync(api.api::close);
    untilRefused(port);
    return closing;
  }

  private static void write(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    client.getOutputStream().flush();
  }

  private static String all(Socket client) throws IOException {
    return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Polls, as the moment at which the port closes can't be observed otherwise. */
  private static void untilRefused(int port) throws IOException {
    while (true) {
      try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
      } catch (ConnectException e) {
        return;
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
