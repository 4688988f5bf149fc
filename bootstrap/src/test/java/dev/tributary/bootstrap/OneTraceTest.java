package dev.tributary.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A whole process, between a client, services and a receiver of traces that are not ours. */
class OneTraceTest {

  private static final String TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String CLIENT_SPAN = "00f067aa0ba902b7";
  private static final String FROM_CLIENT = "00-" + TRACE_ID + "-" + CLIENT_SPAN + "-01";
  private static final int SERVER = 2;
  private static final int CLIENT = 3;
  private static final int PRODUCER = 4;
  private static final int CONSUMER = 5;

  private final HttpClient client = HttpClient.newHttpClient();
  private FakeService payments;
  private FakeService shipping;
  private OtlpReceiver receiver;

  @BeforeEach
  void starts() throws Exception {
    payments = new FakeService("{\"paymentId\":\"p-1\"}");
    shipping = new FakeService("{\"trackingNumber\":\"t-1\"}");
    receiver = new OtlpReceiver();
  }

  @AfterEach
  void closes() {
    client.close();
    payments.close();
    shipping.close();
    receiver.close();
  }

  @Test
  void from_the_request_over_payment_to_shipping_it_is_one_trace() throws Exception {
    JsonNode entries;
    try (Tributary tributary = start(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.uri().toString()))) {
      orderAndAwait(tributary, Optional.of(FROM_CLIENT));
      entries = get(tributary, "/ops/streams/order-events/entries").get("items");
    }
    // Sooner than a batch of its own accord.
    await().atMost(Duration.ofSeconds(4)).untilAsserted(() -> assertThat(spansOfTheTrace()).hasSize(6));
    List<OtlpReceiver.Span> spans = spansOfTheTrace();
    OtlpReceiver.Span request = child(spans, CLIENT_SPAN, "POST /orders", SERVER);
    OtlpReceiver.Span sent = child(spans, request.spanId(), "send order-events", PRODUCER);
    OtlpReceiver.Span paying = child(spans, sent.spanId(), "process order-events", CONSUMER);
    OtlpReceiver.Span payment = child(spans, paying.spanId(), "POST /payments", CLIENT);
    OtlpReceiver.Span shipped = child(spans, paying.spanId(), "process order-events", CONSUMER);
    OtlpReceiver.Span shipment = child(spans, shipped.spanId(), "POST /shipments", CLIENT);
    assertThat(paying.attributes()).containsEntry("messaging.consumer.group.name", "payment-processors");
    assertThat(shipped.attributes()).containsEntry("messaging.consumer.group.name", "shipping-processors");
    assertThat(payments.traces()).containsExactly(payment.asParent());
    assertThat(shipping.traces()).containsExactly(shipment.asParent());
    assertThat(entries).extracting(entry -> entry.at("/fields/traceparent").textValue())
        .containsExactly(sent.asParent(), paying.asParent(), shipped.asParent());
    assertThat(receiver.spans().toString()).doesNotContain("ada@example.com", "Ada");
  }

  @Test
  void without_a_receiver_a_trace_is_carried_on_all_the_same() throws Exception {
    try (Tributary tributary = start(Map.of())) {
      orderAndAwait(tributary, Optional.of(FROM_CLIENT));
    }
    assertThat(payments.traces()).singleElement()
        .asString()
        .matches("00-" + TRACE_ID + "-(?!" + CLIENT_SPAN + ").{16}-01");
    assertThat(shipping.traces()).singleElement()
        .asString()
        .matches("00-" + TRACE_ID + "-(?!" + CLIENT_SPAN + ").{16}-01");
    assertThat(payments.traces()).isNotEqualTo(shipping.traces());
    assertThat(receiver.spans()).isEmpty();
  }

  @Test
  void without_a_receiver_a_trace_is_begun_that_nobody_records() throws Exception {
    try (Tributary tributary = start(Map.of())) {
      orderAndAwait(tributary, Optional.empty());
    }
    String begun = payments.traces().getFirst();
    assertThat(begun).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
    assertThat(shipping.traces()).singleElement().asString().startsWith(begun.substring(0, 36)).endsWith("-00");
  }

  private List<OtlpReceiver.Span> spansOfTheTrace() {
    return receiver.spans().stream().filter(span -> span.traceId().equals(TRACE_ID)).toList();
  }

  private Tributary start(Map<String, String> more) throws Exception {
    var environment = new HashMap<>(Map.of("PORT", "0", "MESSAGING", "memory", "OPS_TOKEN", "token",
        "PAYMENTS_URL", payments.url(), "SHIPPING_URL", shipping.url()));
    environment.putAll(more);
    return Tributary.start(SettingsReader.read(environment));
  }

  private void orderAndAwait(Tributary tributary, Optional<String> trace) throws Exception {
    String user = post(tributary, "/users", "{\"email\":\"ada@example.com\",\"name\":\"Ada\"}", Optional.empty());
    String order = post(tributary, "/orders", "{\"userId\":\"" + user
        + "\",\"currency\":\"EUR\",\"items\":[{\"sku\":\"A-1\",\"quantity\":2,\"unitPrice\":\"19.99\"}]}", trace);
    await().atMost(Duration.ofSeconds(20))
        .until(() -> get(tributary, "/orders/" + order).get("status").textValue().equals("shipped"));
  }

  private String post(Tributary tributary, String path, String body, Optional<String> trace) throws Exception {
    HttpRequest.Builder request = request(tributary, path).header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body));
    trace.ifPresent(value -> request.header("traceparent", value));
    return send(request).get("id").textValue();
  }

  private JsonNode get(Tributary tributary, String path) throws Exception {
    return send(request(tributary, path).header("Authorization", "Bearer token"));
  }

  private JsonNode send(HttpRequest.Builder request) throws Exception {
    return new ObjectMapper().readTree(client.send(request.build(), BodyHandlers.ofString()).body());
  }

  private static HttpRequest.Builder request(Tributary tributary, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + tributary.port() + path));
  }

  private static OtlpReceiver.Span child(List<OtlpReceiver.Span> spans, String parentId, String name, int kind) {
    List<OtlpReceiver.Span> found = spans.stream()
        .filter(span -> span.parentId().equals(parentId) && span.name().equals(name) && span.kind() == kind)
        .toList();
    assertThat(found).as(name + " below " + parentId).hasSize(1);
    return found.getFirst();
  }
}
