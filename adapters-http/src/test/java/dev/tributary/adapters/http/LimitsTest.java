package dev.tributary.adapters.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.application.Groups;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.order.OrderEvent;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.order.OrderShipped;
import dev.tributary.domain.user.UserId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LimitsTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @Test
  void aHeadThatTricklesIsCutOff() throws Exception {
    try (var api = TestApi.start(limits(100, Duration.ofMillis(500), Duration.ofSeconds(20)));
        var client = connect(api)) {
      client.getOutputStream().write("GET /health/live HTTP/1.1\r\nHost: a\r\nX: ".getBytes(StandardCharsets.US_ASCII));
      assertCutOff(client);
      api.get("/health/live").expect(200);
    }
  }

  @Test
  void theHeadOfALaterRequestIsNoLonger() throws Exception {
    try (var api = TestApi.start(limits(100, Duration.ofMillis(500), Duration.ofSeconds(20)));
        var client = connect(api)) {
      client.getOutputStream()
          .write("GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(client.getInputStream().read()).isEqualTo('H');
      client.getOutputStream().write("GET /".getBytes(StandardCharsets.US_ASCII));
      assertCutOff(client);
    }
  }

  @Test
  void aBodyThatTricklesIsCutOff() throws Exception {
    try (var api = TestApi.start(limits(100, Duration.ofMillis(500), Duration.ofMillis(500)));
        var client = connect(api)) {
      client.getOutputStream()
          .write("POST /users HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      assertCutOff(client);
    }
  }

  /** The server's 100 (Continue) is no answer. */
  @Test
  void aBodyThatWasAskedForIsNoHead() throws Exception {
    String body = "{\"email\":\"ada@example.com\"}";
    try (var api = TestApi.start(limits(100, Duration.ofMillis(300), SOON)); var client = connect(api)) {
      client.getOutputStream()
          .write(("POST /users HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n"
              + "Expect: 100-continue\r\nContent-Length: " + body.length() + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      for (byte one : body.getBytes(StandardCharsets.US_ASCII)) {
        client.getOutputStream().write(one);
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      }
      assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).contains("HTTP/1.1 201 ");
    }
  }

  /** Whoever is only quiet between two requests is nobody's burden. */
  @Test
  void aConnectionThatIsQuietStaysOpen() throws Exception {
    try (var api = TestApi.start(limits(100, Duration.ofMillis(100), Duration.ofMillis(100)));
        var quiet = connect(api);
        var slow = connect(api)) {
      assertCutOff(slow);
      quiet.getOutputStream()
          .write(
              "GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(quiet.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void moreConnectionsThanAllowedWait() throws Exception {
    var clients = new ArrayList<Socket>();
    try (var api = TestApi.start(limits(3, Duration.ofSeconds(20), Duration.ofSeconds(20)))) {
      for (int i = 0; i < 3; i++) {
        Socket client = connect(api);
        clients.add(client);
        ask(client);
        assertThat(client.getInputStream().read()).isEqualTo('H');
      }
      Socket waiting = connect(api);
      clients.add(waiting);
      ask(waiting);
      waiting.setSoTimeout(300);
      assertThat(answers(waiting)).isFalse();
      clients.getFirst().close();
      await().atMost(SOON).until(() -> answers(waiting));
    } finally {
      for (Socket client : clients) {
        client.close();
      }
    }
  }

  @Test
  void aCrowdThatConnectsAtOnceIsServed() throws Exception {
    var clients = new ArrayList<Socket>();
    try (var api = TestApi.start()) {
      for (int i = 0; i < 400; i++) {
        clients.add(connect(api));
      }
      for (Socket client : clients) {
        ask(client);
      }
      for (Socket client : clients) {
        assertThat(client.getInputStream().read()).isEqualTo('H');
      }
    } finally {
      for (Socket client : clients) {
        client.close();
      }
    }
  }

  @Test
  void aReaderThatDoesNotReadIsCutOff() throws Exception {
    Duration idle = Duration.ofMillis(500);
    try (var api = TestApi.start(new HttpSettings.Limits(100, OptionalInt.empty(), List.of(), OptionalLong.empty(),
        SOON, SOON, idle)); var client = new Socket()) {
      client.setReceiveBufferSize(4096);
      client.setSoTimeout((int) SOON.toMillis());
      client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), api.api.port()));
      // More than all buffers on the way hold.
      String request = "GET /ops/assets/uplot.js HTTP/1.1\r\nHost: a\r\n\r\n";
      client.getOutputStream().write(request.repeat(1000).getBytes(StandardCharsets.US_ASCII));
      assertCutOff(client);
    }
  }

  @Test
  void whileTooMuchIsWaitingOrdersAreRefused() {
    try (var api = TestApi.start(new HttpSettings.Limits(100, OptionalInt.empty(), List.of(), OptionalLong.of(10),
        SOON, SOON, SOON))) {
      String order = "{\"userId\":\"" + api.register("a@b")
          + "\",\"currency\":\"EUR\",\"items\":[{\"sku\":\"A\",\"quantity\":1,\"unitPrice\":\"1.00\"}]}";
      try (var _ = api.messaging.subscriber().subscribe(Groups.PAYMENT_PROCESSORS, _ -> Outcome.SETTLED)) {
        await().atMost(SOON)
            .until(() -> api.messaging.operations().streams().stream().anyMatch(s -> !s.groups().isEmpty()));
      }
      api.post("/orders", order).expect(201);
      api.messaging.publisher().publish(OrderEvent.TOPIC, Stream.generate(LimitsTest::event).limit(11).toList());

      await().atMost(SOON).untilAsserted(() -> {
        TestApi.Answer refused = api.post("/orders", order).problem(503);
        assertThat(refused.header("Retry-After")).isNotEmpty();
      });
      api.post("/users", "{\"email\":\"c@b\"}").expect(201);

      try (var _ = api.messaging.subscriber().subscribe(Groups.PAYMENT_PROCESSORS, _ -> Outcome.SETTLED)) {
        await().atMost(SOON).untilAsserted(() -> api.post("/orders", order).expect(201));
      }
    }
  }

  private static Recorded<OrderEvent> event() {
    return new Recorded<>(new EventId(UUID.randomUUID()), Instant.EPOCH,
        new OrderShipped(new OrderId("o"), new UserId("u"), "t"));
  }

  private static Socket connect(TestApi api) throws IOException {
    var client = new Socket(InetAddress.getLoopbackAddress(), api.api.port());
    client.setSoTimeout((int) SOON.toMillis());
    return client;
  }

  private static void ask(Socket client) throws IOException {
    client.getOutputStream().write("GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  private static boolean answers(Socket client) throws IOException {
    try {
      return client.getInputStream().read() == 'H';
    } catch (SocketTimeoutException _) {
      return false;
    }
  }

  /** A byte now and then keeps it open as far as an idle timeout goes. */
  private static void assertCutOff(Socket client) {
    await().atMost(SOON).pollInterval(Duration.ofMillis(50)).until(() -> {
      try {
        client.getOutputStream().write('x');
        return false;
      } catch (IOException _) {
        return true;
      }
    });
  }

  private static HttpSettings.Limits limits(int connections, Duration head, Duration body) {
    return new HttpSettings.Limits(connections, OptionalInt.empty(), List.of(), OptionalLong.empty(), head, body,
        SOON);
  }
}
