package dev.tributary.adapters.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.adapters.memory.MemoryMessaging;
import dev.tributary.adapters.memory.MemorySettings;
import dev.tributary.application.DeliverySettings;
import dev.tributary.application.Health;
import dev.tributary.application.Messaging;
import dev.tributary.application.PlaceOrder;
import dev.tributary.application.Queries;
import dev.tributary.application.RegisterUser;
import dev.tributary.application.Retention;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.domain.user.UserId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

/** A server on a free port with the real use cases on a {@link FakeStore}, and clients for it. */
final class TestApi implements AutoCloseable {

  static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

  static final String TOKEN = "operators-only";

  /** Method, route and status of each answer. */
  final Queue<String> told = new ConcurrentLinkedQueue<>();
  final FakeTracing tracing = new FakeTracing();
  final FakeStore store = new FakeStore();
  final Messaging messaging;
  final HttpApi api;
  /** A process without intake serves no documents, and little of what they tell of. */
  private final boolean documented;
  final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  static TestApi start(Health... parts) {
    return start(true, Duration.ofSeconds(5), parts);
  }

  static TestApi start(boolean intake, Duration grace, Health... parts) {
    return start(intake, grace, HttpSettings.Limits.DEFAULTS, parts);
  }

  static TestApi start(Partitioning partitioning, InstantSource clock) {
    var settings = new MemorySettings(clock, DeliverySettings.DEFAULTS, Retention.DEFAULT,
        partitioning);
    return start(MemoryMessaging.open(settings));
  }

  static TestApi start(Messaging messaging) {
    return started(new TestApi(new HttpSettings("127.0.0.1", 0, true, TOKEN, HttpSettings.Limits.DEFAULTS),
        Duration.ofSeconds(5), messaging));
  }

  static TestApi start(HttpSettings.Limits limits) {
    return start(true, Duration.ofSeconds(5), limits);
  }

  private static TestApi start(boolean intake, Duration grace, HttpSettings.Limits limits, Health... parts) {
    return started(new TestApi(new HttpSettings("127.0.0.1", 0, intake, TOKEN, limits), grace, parts));
  }

  private static TestApi started(TestApi api) {
    api.api.start();
    return api;
  }

  TestApi(HttpSettings settings, Duration grace, Health... parts) {
    this(settings, grace, MemoryMessaging.open(MemorySettings.defaults()), parts);
  }

  TestApi(HttpSettings settings, Duration grace, Messaging messaging, Health... parts) {
    this.messaging = messaging;
    documented = settings.intake();
    api = new HttpApi(settings, grace,
        new RegisterUser(store, UUID::randomUUID, () -> NOW), new PlaceOrder(store, UUID::randomUUID, () -> NOW),
        new Queries(store, store), messaging,
        (method, route, status, _) -> told.add(method + " " + route + " " + status), tracing, () -> "metrics 1\n",
        List.of(parts));
  }

  /** As many users as that, with events of ids of their own: user-0, user-1, … */
  void publish(int count) {
    List<Recorded<UserEvent>> events = IntStream.range(0, count)
        .mapToObj(i -> new Recorded<UserEvent>(new EventId(new UUID(1, i)), NOW,
            new UserCreated(new UserId("user-" + i), new EmailAddress(i + "@example.com"), Optional.empty())))
        .toList();
    messaging.publisher().publish(UserEvent.TOPIC, events);
  }

  @Override
  public void close() {
    client.close();
    api.close();
    messaging.close();
  }

  Answer get(String path) {
    return send(request(path));
  }

  Answer post(String path, String json) {
    return post(path, "application/json", BodyPublishers.ofString(json));
  }

  Answer post(String path, String contentType, BodyPublisher body) {
    return send(request(path).header("Content-Type", contentType).POST(body));
  }

  /** @return the new user's id */
  String register(String email) {
    return post("/users", "{\"email\":\"" + email + "\"}").expect(201).json().get("id").textValue();
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + path)).timeout(Duration.ofSeconds(30));
  }

  /** As an operator. */
  HttpRequest.Builder authorized(String path) {
    return request(path).header("Authorization", "Bearer " + TOKEN);
  }

  /** Checks that the answer is as the OpenAPI document says, too. */
  Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
      if (documented) {
        ApiDocument.check(response);
      }
      return Answer.of(response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sends lines as they are, and an empty one, for what no decent client sends; one of them must close the connection. */
  String raw(String... lines) {
    return rawText(String.join("\r\n", lines) + "\r\n\r\n");
  }

  String rawText(String text) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An answer that was checked for what no answer may have. */
  record Answer(HttpResponse<byte[]> response) {

    static Answer of(HttpResponse<byte[]> response) {
      assertThat(response.headers().map()).doesNotContainKeys("server", "x-powered-by", "set-cookie")
          .containsKeys("content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy",
              "cache-control");
      assertHarmless(new String(response.body(), StandardCharsets.UTF_8));
      return new Answer(response);
    }

    Answer expect(int status) {
      assertThat(response.statusCode()).as(text()).isEqualTo(status);
      return this;
    }

    /** Checks that this is a problem of that status. */
    Answer problem(int status) {
      expect(status);
      assertThat(header("content-type")).isEqualTo("application/problem+json");
      assertThat(json().get("type").textValue()).isEqualTo("about:blank");
      assertThat(json().get("title").textValue()).isNotBlank();
      assertThat(json().get("status").intValue()).isEqualTo(status);
      assertThat(json().get("detail").textValue()).isNotBlank();
      return this;
    }

    /** Checks that this is a 422 for exactly these fields. */
    void invalid(String... fields) {
      problem(422);
      assertThat(json().get("errors")).allSatisfy(error -> assertThat(error.get("message").textValue()).isNotBlank());
      assertThat(fields()).containsExactlyInAnyOrder(fields);
    }

    List<String> fields() {
      return json().get("errors").valueStream().map(error -> error.get("field").textValue()).toList();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    String text() {
      return new String(response.body(), StandardCharsets.UTF_8);
    }

    JsonNode json() {
      try {
        return Json.parse(response.body());
      } catch (IOException e) {
        throw new AssertionError("not JSON: " + Arrays.toString(response.body()), e);
      }
    }
  }

  static void assertHarmless(String text) {
    assertThat(text).doesNotContainIgnoringCase("secret", "exception", "jetty", "javalin", "jackson", "\tat ",
        "java.", "dev.tributary", "<html", "caused by");
  }
}
