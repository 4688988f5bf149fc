package dev.tributary.adapters.traces;

import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.tributary.application.CommitResult;
import dev.tributary.application.LogContext;
import dev.tributary.application.RequestId;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.application.Tracing;
import dev.tributary.application.UnitOfWork;
import dev.tributary.application.Versioned;
import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.Delivery;
import dev.tributary.domain.messaging.EventHandler;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.StateKey;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.TraceParent;
import dev.tributary.domain.messaging.Work;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.domain.user.UserId;
import dev.tributary.domain.user.UserName;
import dev.tributary.domain.user.Welcome;
import dev.tributary.domain.user.WelcomeEmailSent;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.MDC;

class TracesTest {

  private static final TraceParent FROM = new TraceParent("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true);
  private static final UserId USER = new UserId("user-1");
  private static final EmailAddress EMAIL = new EmailAddress("ada@example.com");
  private static final EventId ID = new EventId(UUID.fromString("018bcfe5-6800-7000-8000-000000000001"));
  private static final Recorded<UserCreated> CREATED = new Recorded<>(ID, Instant.EPOCH,
      new UserCreated(USER, EMAIL, Optional.of(new UserName("Ada"))));
  private static final SubscriptionSpec<UserCreated> SPEC = new SubscriptionSpec<>(UserEvent.TOPIC,
      new Group("email-processors"), UserCreated.class);
  private static final Work WORK = new Work(
      List.of(Change.creation(Welcome.key(USER), new Welcome(USER, EMAIL, Instant.EPOCH))),
      List.of(new Recorded<>(ID, Instant.EPOCH, new WelcomeEmailSent(USER, EMAIL))));

  private final InMemorySpanExporter exported = InMemorySpanExporter.create();
  private final Traces traces = recording(1);

  private Traces recording(double share) {
    return new Traces(new TraceSettings(Optional.empty(), share, "redis"),
        Optional.of(SimpleSpanProcessor.create(exported)));
  }

  private static Traces quiet() {
    return Traces.open(new TraceSettings(Optional.empty(), 1, "redis"));
  }

  /** No test leaves a span open on its thread, or words in its log; none tells of a person. */
  @AfterEach
  void nothing_is_left() {
    traces.close();
    assertThat(Span.current().getSpanContext().isValid()).isFalse();
    assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
    assertThat(exported.getFinishedSpanItems().toString()).doesNotContain("ada@example.com", "Ada");
  }

  // Deliveries.

  @Test
  void a_delivery_is_a_span_that_goes_on_from_where_its_event_came_from() throws Exception {
    handle(traces, CREATED.from(FROM), _ -> Outcome.SETTLED);
    SpanData span = span();
    assertThat(span.getName()).isEqualTo("process user-events");
    assertThat(span.getKind()).isEqualTo(SpanKind.CONSUMER);
    assertThat(span.getTraceId()).isEqualTo(FROM.traceId());
    assertThat(span.getParentSpanId()).isEqualTo(FROM.spanId());
    assertThat(span.getSpanId()).isNotEqualTo(FROM.spanId());
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(texts(span, "messaging.system", "messaging.operation.name", "messaging.operation.type",
        "messaging.destination.name", "messaging.consumer.group.name", "messaging.message.id", "tributary.event.type",
        "tributary.event.key"))
        .containsExactly("redis", "process", "process", "user-events", "email-processors", ID.toString(),
            "user_created", "user-1");
    assertThat(span.getAttributes().get(longKey("tributary.attempt"))).isEqualTo(2);
  }

  @Test
  void what_follows_from_a_delivery_goes_on_from_its_span_and_is_else_the_same() throws Exception {
    Outcome outcome = handle(traces, CREATED.from(FROM), _ -> new Outcome.Settled(WORK));
    var step = new TraceParent(FROM.traceId(), span().getSpanId(), true);
    assertThat(outcome).isEqualTo(new Outcome.Settled(WORK.from(step)));
  }

  @Test
  void an_event_without_a_trace_begins_one_and_the_log_names_it_meanwhile() throws Exception {
    var logged = new AtomicReference<String>();
    handle(traces, CREATED, _ -> {
      logged.set(MDC.get(LogContext.TRACE_ID));
      return Outcome.SETTLED;
    });
    assertThat(span().getParentSpanContext().isValid()).isFalse();
    assertThat(logged).hasValue(span().getTraceId());
  }

  @Test
  void the_trace_that_the_log_names_already_stays() throws Exception {
    MDC.put(LogContext.TRACE_ID, FROM.traceId());
    handle(traces, CREATED.from(FROM), _ -> Outcome.SETTLED);
    assertThat(MDC.get(LogContext.TRACE_ID)).isEqualTo(FROM.traceId());
    MDC.clear();
  }

  @Test
  void a_retry_and_a_rejection_are_errors_with_their_reasons() throws Exception {
    var retry = new Outcome.Retry(Optional.empty(), "payments answered 503");
    var rejected = new Outcome.Rejected("no such order: 42");
    assertThat(handle(traces, CREATED, _ -> retry)).isEqualTo(retry);
    assertThat(handle(traces, CREATED, _ -> rejected)).isEqualTo(rejected);
    assertThat(exported.getFinishedSpanItems()).extracting(span -> span.getStatus().getStatusCode(),
        span -> span.getStatus().getDescription(), span -> text(span, "error.type"))
        .containsExactly(tuple(StatusCode.ERROR, "payments answered 503", "retry"),
            tuple(StatusCode.ERROR, "no such order: 42", "rejected"));
  }

  @Test
  void an_exception_is_an_error_that_keeps_its_message_to_itself() {
    assertThatThrownBy(() -> handle(traces, CREATED, _ -> {
      throw new IllegalStateException("ada@example.com");
    })).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> handle(traces, CREATED, _ -> {
      throw new InterruptedException();
    })).isInstanceOf(InterruptedException.class);
    assertThat(exported.getFinishedSpanItems()).extracting(span -> text(span, "error.type"))
        .containsExactly("java.lang.IllegalStateException", "java.lang.InterruptedException");
    assertThat(exported.getFinishedSpanItems())
        .allSatisfy(span -> assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR));
  }

  // Requests and commits.

  @Test
  void a_request_and_its_commit_are_two_steps_and_the_event_goes_on_from_the_second() {
    var store = new Store();
    try (Tracing.Span request = traces.request("POST", Optional.of(FROM))) {
      assertThat(MDC.get(LogContext.TRACE_ID)).isEqualTo(FROM.traceId());
      traces.follow(store).commit(new RequestId(ID.value()), WORK);
      request.answered(201, Optional.of("/users"));
    }
    SpanData commit = exported.getFinishedSpanItems().getFirst();
    SpanData request = exported.getFinishedSpanItems().getLast();
    assertThat(request.getName()).isEqualTo("POST /users");
    assertThat(request.getKind()).isEqualTo(SpanKind.SERVER);
    assertThat(request.getParentSpanId()).isEqualTo(FROM.spanId());
    assertThat(texts(request, "http.request.method", "http.route", "url.scheme"))
        .containsExactly("POST", "/users", "http");
    assertThat(request.getAttributes().get(longKey("http.response.status_code"))).isEqualTo(201);
    assertThat(commit.getName()).isEqualTo("send user-events");
    assertThat(commit.getKind()).isEqualTo(SpanKind.PRODUCER);
    assertThat(commit.getParentSpanId()).isEqualTo(request.getSpanId());
    assertThat(texts(commit, "messaging.system", "messaging.operation.name", "messaging.operation.type",
        "messaging.destination.name", "messaging.message.id"))
        .containsExactly("redis", "send", "send", "user-events", ID.toString());
    assertThat(store.committed)
        .containsExactly(WORK.from(new TraceParent(FROM.traceId(), commit.getSpanId(), true)));
  }

  @Test
  void a_commit_that_fails_is_an_error_and_its_repetition_another_step() {
    var store = new Store();
    UnitOfWork followed = traces.follow(store);
    store.away = true;
    assertThatThrownBy(() -> followed.commit(new RequestId(ID.value()), WORK))
        .isInstanceOf(StoreUnavailableException.class);
    store.away = false;
    assertThat(followed.commit(new RequestId(ID.value()), WORK)).isInstanceOf(CommitResult.Committed.class);
    assertThat(exported.getFinishedSpanItems()).extracting(span -> text(span, "error.type"))
        .containsExactly(StoreUnavailableException.class.getName(), "");
  }

  @Test
  void a_commit_without_events_is_no_step() {
    var store = new Store();
    var work = new Work(WORK.changes(), List.of());
    traces.follow(store).commit(new RequestId(ID.value()), work);
    assertThat(store.committed).containsExactly(work);
    assertThat(exported.getFinishedSpanItems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"GET,GET,GET /users/{id}", "BREW,_OTHER,HTTP /users/{id}"})
  void a_request_may_be_of_any_method(String method, String told, String name) {
    try (Tracing.Span request = traces.request(method, Optional.empty())) {
      request.answered(404, Optional.of("/users/{id}"));
    }
    assertThat(span().getName()).isEqualTo(name);
    assertThat(text(span(), "http.request.method")).isEqualTo(told);
    assertThat(span().getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
  }

  @Test
  void a_request_that_we_fail_at_is_an_error() {
    try (Tracing.Span request = traces.request("GET", Optional.empty())) {
      request.answered(503, Optional.empty());
    }
    assertThat(span().getName()).isEqualTo("GET");
    assertThat(span().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(text(span(), "error.type")).isEqualTo("503");
  }

  // Calls.

  @ParameterizedTest
  @CsvSource({"http://pay:8081/v1/payments,8081", "http://pay/v1/payments,80", "https://pay/v1/payments,443"})
  void a_call_goes_on_from_what_its_thread_is_doing(URI url, long port) throws Exception {
    var passedOn = new AtomicReference<TraceParent>();
    handle(traces, CREATED.from(FROM), _ -> {
      try (Tracing.Span call = traces.call("POST", url)) {
        passedOn.set(call.trace().orElseThrow());
        call.answered(200, Optional.empty());
      }
      return Outcome.SETTLED;
    });
    SpanData call = exported.getFinishedSpanItems().getFirst();
    assertThat(call.getName()).isEqualTo("POST /v1/payments");
    assertThat(call.getKind()).isEqualTo(SpanKind.CLIENT);
    assertThat(call.getParentSpanId()).isEqualTo(exported.getFinishedSpanItems().getLast().getSpanId());
    assertThat(passedOn).hasValue(new TraceParent(FROM.traceId(), call.getSpanId(), true));
    assertThat(texts(call, "http.request.method", "url.full", "url.template", "server.address"))
        .containsExactly("POST", url.toString(), "/v1/payments", "pay");
    assertThat(call.getAttributes().get(longKey("server.port"))).isEqualTo(port);
    assertThat(call.getAttributes().get(longKey("http.response.status_code"))).isEqualTo(200);
    assertThat(call.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
  }

  @Test
  void a_call_that_is_refused_or_not_answered_is_an_error() {
    try (Tracing.Span call = traces.call("POST", URI.create("http://pay/payments"))) {
      call.answered(402, Optional.empty());
    }
    try (Tracing.Span call = traces.call("POST", URI.create("http://pay/payments"))) {
      call.failed("timeout");
    }
    assertThat(exported.getFinishedSpanItems()).extracting(span -> text(span, "error.type"))
        .containsExactly("402", "timeout");
  }

  // What is recorded.

  @ParameterizedTest
  @CsvSource({"0,0", "1,20"})
  void of_new_traces_a_share_is_recorded(double share, int expected) {
    try (Traces some = recording(share)) {
      for (int i = 0; i < 20; i++) {
        some.request("GET", Optional.empty()).close();
      }
      assertThat(exported.getFinishedSpanItems()).hasSize(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({"true,1", "false,0"})
  void of_a_trace_that_came_in_its_sender_has_decided(boolean sampled, int expected) {
    try (Traces some = recording(sampled ? 0 : 1)) {
      var from = new TraceParent(FROM.traceId(), FROM.spanId(), sampled);
      try (Tracing.Span request = some.request("GET", Optional.of(from))) {
        assertThat(request.trace().orElseThrow().sampled()).isEqualTo(sampled);
      }
      assertThat(exported.getFinishedSpanItems()).hasSize(expected);
    }
  }

  @Test
  void without_a_receiver_traces_are_carried_on_and_begun() throws Exception {
    try (Traces quiet = quiet()) {
      var steps = new ArrayList<TraceParent>();
      try (Tracing.Span request = quiet.request("GET", Optional.of(FROM))) {
        steps.add(request.trace().orElseThrow());
      }
      assertThat(steps.getFirst().traceId()).isEqualTo(FROM.traceId());
      assertThat(steps.getFirst().spanId()).isNotEqualTo(FROM.spanId());
      assertThat(steps.getFirst().sampled()).isTrue();
      try (Tracing.Span request = quiet.request("GET", Optional.empty());
          Tracing.Span call = quiet.call("POST", URI.create("http://pay/payments"))) {
        steps.add(request.trace().orElseThrow());
        steps.add(call.trace().orElseThrow());
      }
      assertThat(steps.subList(1, 3)).extracting(TraceParent::sampled).containsOnly(false);
      assertThat(steps.get(1).traceId()).isEqualTo(steps.get(2).traceId()).isNotEqualTo(FROM.traceId());
      assertThat(steps).extracting(TraceParent::spanId).doesNotHaveDuplicates();
      Outcome outcome = handle(quiet, CREATED.from(FROM), _ -> new Outcome.Settled(WORK));
      assertThat(((Outcome.Settled) outcome).work().events().getFirst().trace())
          .hasValueSatisfying(step -> assertThat(step.traceId()).isEqualTo(FROM.traceId()));
    }
  }

  @Test
  void a_receiver_that_is_away_holds_nobody_up() {
    Traces traces = Traces.open(new TraceSettings(Optional.of(URI.create("http://127.0.0.1:9")), 1, "redis"));
    for (int i = 0; i < 10_000; i++) {
      traces.request("GET", Optional.empty()).close();
    }
    assertThat(Duration.ofSeconds(10)).isGreaterThan(timed(traces::close));
    traces.close();
  }

  private static Duration timed(Runnable step) {
    long begun = System.nanoTime();
    step.run();
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private static Outcome handle(Traces traces, Recorded<UserCreated> event, EventHandler<UserCreated> handler)
      throws InterruptedException {
    return traces.follow(SPEC, handler).handle(new Delivery<>(event, 2));
  }

  private SpanData span() {
    assertThat(exported.getFinishedSpanItems()).hasSize(1);
    return exported.getFinishedSpanItems().getFirst();
  }

  private static List<String> texts(SpanData span, String... names) {
    return List.of(names).stream().map(name -> text(span, name)).toList();
  }

  private static String text(SpanData span, String name) {
    AttributeKey<String> key = stringKey(name);
    return Optional.ofNullable(span.getAttributes().get(key)).orElse("");
  }

  /** Takes everything, or is away. */
  private static final class Store implements UnitOfWork {

    private final List<Work> committed = new ArrayList<>();
    private boolean away;

    @Override
    public <S> Optional<Versioned<S>> load(StateKey<S> key) {
      return Optional.empty();
    }

    @Override
    public Partitioning partitioning() {
      return Partitioning.ONE;
    }

    @Override
    public CommitResult commit(RequestId cause, Work work) {
      if (away) {
        throw new StoreUnavailableException("away");
      }
      committed.add(work);
      return new CommitResult.Committed();
    }
  }
}
