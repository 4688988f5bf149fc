package dev.tributary.adapters.gateways;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tributary.application.Answer;
import dev.tributary.application.Tracing;
import dev.tributary.domain.messaging.TraceParent;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A service that takes JSON by POST and names what it did in one field of its JSON answer. Everything about an answer is bounded: 10 s from
 * the call to its last byte, 64 KiB, no redirects. Where its status says all, it counts whatever becomes of its body. For use by many threads at once.
 */
final class JsonService {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int LARGEST_ANSWER = 64 * 1024;
  private static final int LONGEST_VALUE = 200;
  private static final Set<Integer> LATER = Set.of(408, 425, 429);

  /** Its buffers are kept for all threads: kept for each, as is the default, the thread of every delivery would make its own. */
  private static final ObjectMapper JSON = JsonMapper
      .builder(JsonFactory.builder().recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool()).build())
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
      .build();

  private final String name;
  private final HttpClient client;
  private final URI base;
  private final InstantSource clock;
  private final Tracing tracing;
  private final Duration timeout;

  /**
   * @param name what reasons call it
   * @param tracing is told of every call, and what it passes on stands in the header {@code traceparent}
   */
  JsonService(String name, HttpClient client, URI base, InstantSource clock, Tracing tracing) {
    this(name, client, base, clock, tracing, TIMEOUT);
  }

  JsonService(String name, HttpClient client, URI base, InstantSource clock, Tracing tracing, Duration timeout) {
    this.name = name;
    this.client = client;
    this.base = base;
    this.clock = clock;
    this.tracing = tracing;
    this.timeout = timeout;
  }

  static HttpClient newClient() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(TIMEOUT)
        .build();
  }

  /**
   * What a status promises.
   *
   * @param field of the answer: a string of 1–200 visible characters, or a whole number of as many digits
   * @param meaning what the field's value says
   * @param otherwise what counts as its value where the answer has none; empty if it then is no result
   */
  record Promise<T>(String field, Function<String, T> meaning, Optional<String> otherwise) {}

  /**
   * Blocks until the service has answered.
   *
   * @param path behind the base URL, with a slash at its start
   * @param promises by status; any other status is no result
   * @throws InterruptedException when interrupted; the exchange is then cut, its outcome unknown
   */
  <T> Answer<T> post(String path, String idempotencyKey, Record body, Map<Integer, Promise<T>> promises)
      throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted before " + name + " was called");
    }
    URI url = URI.create(base.toString().replaceFirst("/+$", "") + path);
    try (Tracing.Span span = tracing.call("POST", url)) {
      return exchange(request(url, idempotencyKey, body, span.trace()), span, promises);
    }
  }

  private <T> Answer<T> exchange(HttpRequest request, Tracing.Span span, Map<Integer, Promise<T>> promises)
      throws InterruptedException {
    var head = new AtomicReference<Optional<ResponseInfo>>(Optional.empty());
    CompletableFuture<HttpResponse<byte[]>> exchange = client.sendAsync(request, info -> {
      head.set(Optional.of(info));
      return BodySubscribers.limiting(BodySubscribers.ofByteArray(), LARGEST_ANSWER);
    });
    try {
      byte[] body = exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS).body();
      return read(head.get().orElseThrow(), body, span, promises);
    } catch (TimeoutException _) {
      return withoutBody(head.get(), span, promises, "timeout",
          name + " did not answer within " + timeout.toMillis() + " ms");
    } catch (InterruptedException e) {
      span.failed("interrupted");
      throw e;
    } catch (ExecutionException e) {
      String failure = e.getCause() == null ? "unknown" : e.getCause().getClass().getName();
      return withoutBody(head.get(), span, promises, failure, trouble(e.getCause()));
    } finally {
      exchange.cancel(true);
    }
  }

  /** Of an answer whose body is too long, or does not come to its end: its head may say all that is asked. */
  private <T> Answer<T> withoutBody(Optional<ResponseInfo> head, Tracing.Span span, Map<Integer, Promise<T>> promises,
      String failure, String reason) {
    Optional<ResponseInfo> enough = head.filter(info -> !needsBody(promises.get(info.statusCode())));
    if (enough.isPresent()) {
      return read(enough.get(), new byte[0], span, promises);
    }
    span.failed(failure);
    return unavailable(reason);
  }

  private static boolean needsBody(@Nullable Promise<?> promise) {
    return promise != null && promise.otherwise().isEmpty();
  }

  private static HttpRequest request(URI url, String idempotencyKey, Record body, Optional<TraceParent> trace) {
    HttpRequest.Builder request = HttpRequest.newBuilder(url)
        .header("Content-Type", "application/json")
        .header("Accept", "application/json")
        .header("Idempotency-Key", idempotencyKey)
        .POST(BodyPublishers.ofByteArray(bytes(body)));
    trace.ifPresent(step -> request.header("traceparent", step.toString()));
    return request.build();
  }

  private static byte[] bytes(Record body) {
    try {
      return JSON.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of texts and numbers is always JSON", e);
    }
  }

  private String trouble(@Nullable Throwable cause) {
    return switch (cause) {
      case ConnectException _ -> "no connection to " + name;
      case HttpTimeoutException _ -> "no connection to " + name + " in time";
      case IOException _ -> name + " broke off, or answered with more than 64 KiB";
      case null, default -> throw new IllegalStateException("the call of " + name + " failed", cause);
    };
  }

  private <T> Answer<T> read(ResponseInfo head, byte[] body, Tracing.Span span, Map<Integer, Promise<T>> promises) {
    int status = head.statusCode();
    span.answered(status, Optional.empty());
    Promise<T> promise = promises.get(status);
    if (promise != null) {
      return value(body, promise.field()).or(promise::otherwise)
          .<Answer<T>>map(
              value -> new Answer.Done<>(promise.meaning().apply(value)))
          .orElseGet(() -> unavailable(answered(status) + " without a valid " + promise.field()));
    }
    if (LATER.contains(status) || status >= 500) {
      return new Answer.Unavailable<>(RetryAfter.of(head.headers(), clock.instant()), answered(status));
    }
    return status >= 400 ? new Answer.Refused<>(answered(status)) : unavailable(answered(status));
  }

  private String answered(int status) {
    return name + " answered " + status;
  }

  private static <T> Answer<T> unavailable(String reason) {
    return new Answer.Unavailable<>(Optional.empty(), reason);
  }

  private static Optional<String> value(byte[] body, String field) {
    try {
      JsonNode value = JSON.readTree(body).path(field);
      return Optional.ofNullable(value.isIntegralNumber() ? value.asText() : value.textValue())
          .filter(JsonService::isVisible);
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static boolean isVisible(String value) {
    return !value.isBlank() && value.codePointCount(0, value.length()) <= LONGEST_VALUE
        && value.codePoints().allMatch(JsonService::isVisible);
  }

  private static boolean isVisible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
          Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
        false;
      case Character.SPACE_SEPARATOR -> codePoint == ' ';
      default -> true;
    };
  }
}
