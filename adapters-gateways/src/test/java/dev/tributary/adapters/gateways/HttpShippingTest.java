package dev.tributary.adapters.gateways;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.application.Answer;
import dev.tributary.application.Shipping.Shipped;
import dev.tributary.domain.order.LineItem;
import dev.tributary.domain.order.Money;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.user.UserId;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What shipping does not share with payments; the rest is tested there. */
class HttpShippingTest {

  private static final List<LineItem> ITEMS = List.of(
      new LineItem("A-\"1\\", 2, Money.parse("19.9", Money.currency("EUR"))),
      new LineItem("B", 1_000_000, Money.parse("0", Money.currency("EUR"))));

  @Test
  void asks_as_agreed() throws Exception {
    try (var server = RawHttpServer.answering(201, "", "{\"trackingNumber\":\"1Z999AA1\"}")) {
      assertThat(ship(server.uri("/api/"))).isEqualTo(new Answer.Done<>(new Shipped("1Z999AA1")));
      String body = "{\"orderId\":\"order-1\",\"userId\":\"user-1\",\"items\":["
          + "{\"sku\":\"A-\\\"1\\\\\",\"quantity\":2,\"unitPrice\":\"19.90\"},"
          + "{\"sku\":\"B\",\"quantity\":1000000,\"unitPrice\":\"0.00\"}]}";
      assertThat(server.requests()).singleElement()
          .asString()
          .startsWith("POST /api/shipments HTTP/1.1\r\n")
          .contains("\r\nIdempotency-Key: order-1\r\n", "\r\nContent-Type: application/json\r\n")
          .endsWith("\r\n\r\n" + body);
    }
  }

  @Test
  void knows_no_decline() throws Exception {
    assertThat(answer(402, "", "{\"code\":\"x\",\"trackingNumber\":\"x\"}"))
        .isEqualTo(new Answer.Refused<>("shipping answered 402"));
  }

  @Test
  void tells_later_from_never() throws Exception {
    assertThat(answer(200, "", "{\"trackingNumber\":\"t\"}")).isEqualTo(new Answer.Done<>(new Shipped("t")));
    assertThat(answer(200, "", "{\"paymentId\":\"t\"}"))
        .isEqualTo(new Answer.Unavailable<>(Optional.empty(), "shipping answered 200 without a valid trackingNumber"));
    assertThat(answer(429, "Retry-After: 5\r\n", ""))
        .isEqualTo(new Answer.Unavailable<>(Optional.of(Duration.ofSeconds(5)), "shipping answered 429"));
    assertThat(answer(400, "", "")).isEqualTo(new Answer.Refused<>("shipping answered 400"));
  }

  private static Answer<Shipped> answer(int status, String headers, String body) throws Exception {
    try (var server = RawHttpServer.answering(status, headers, body)) {
      return ship(server.uri(""));
    }
  }

  private static Answer<Shipped> ship(URI base) throws InterruptedException {
    var settings = new GatewaySettings(Optional.empty(), Optional.empty(), Optional.of(base));
    try (Gateways gateways = Gateways.open(settings)) {
      return gateways.shipping().ship(new OrderId("order-1"), new UserId("user-1"), ITEMS);
    }
  }
}
