package dev.tributary.eventjson;

import static dev.tributary.eventjson.Values.orderId;
import static dev.tributary.eventjson.Values.userId;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tributary.domain.order.Money;
import dev.tributary.domain.order.OrderCreated;
import dev.tributary.domain.order.OrderEvent;
import dev.tributary.domain.order.OrderPaid;
import dev.tributary.domain.order.OrderPaymentDeclined;
import dev.tributary.domain.order.OrderShipped;
import java.io.IOException;
import java.util.Currency;
import java.util.List;

/** The events of orders. Money is a decimal string beside its currency, as it is over HTTP. */
final class OrderEventFormats {

  static final List<EventFormat<? extends OrderEvent>> ALL = List.of(
      new EventFormat<>(OrderCreated.TYPE, OrderCreated.class, OrderEventFormats::readCreated,
          OrderEventFormats::writeCreated),
      new EventFormat<>(OrderPaid.TYPE, OrderPaid.class, OrderEventFormats::readPaid, OrderEventFormats::writePaid),
      new EventFormat<>(OrderPaymentDeclined.TYPE, OrderPaymentDeclined.class,
          fields -> new OrderPaymentDeclined(orderId(fields), userId(fields), fields.text("code")),
          OrderEventFormats::writeDeclined),
      new EventFormat<>(OrderShipped.TYPE, OrderShipped.class,
          fields -> new OrderShipped(orderId(fields), userId(fields), fields.text("trackingNumber")),
          OrderEventFormats::writeShipped));

  private OrderEventFormats() {}

  private static OrderCreated readCreated(Fields fields) throws UndecodableException {
    Currency currency = Values.currency(fields);
    return new OrderCreated(orderId(fields), userId(fields), total("total", fields, currency),
        Values.items(fields, currency));
  }

  private static Money total(String name, Fields fields, Currency currency) throws UndecodableException {
    return Fields.valid(name, fields.text(name), text -> Money.parseTotal(text, currency));
  }

  private static void writeIds(OrderEvent event, JsonGenerator json) throws IOException {
    json.writeStringField("orderId", event.orderId().value());
    json.writeStringField("userId", event.userId().value());
  }

  private static void writeCreated(OrderCreated event, JsonGenerator json) throws IOException {
    writeIds(event, json);
    json.writeStringField("total", event.total().toDecimal());
    json.writeStringField("currency", event.total().currency().getCurrencyCode());
    Values.writeItems(event.items(), json);
  }

  private static OrderPaid readPaid(Fields fields) throws UndecodableException {
    return new OrderPaid(orderId(fields), userId(fields), total("amount", fields, Values.currency(fields)),
        fields.text("paymentId"));
  }

  private static void writePaid(OrderPaid event, JsonGenerator json) throws IOException {
    writeIds(event, json);
    json.writeStringField("amount", event.amount().toDecimal());
    json.writeStringField("currency", event.amount().currency().getCurrencyCode());
    json.writeStringField("paymentId", event.paymentId());
  }

  private static void writeDeclined(OrderPaymentDeclined event, JsonGenerator json) throws IOException {
    writeIds(event, json);
    json.writeStringField("code", event.code());
  }

  private static void writeShipped(OrderShipped event, JsonGenerator json) throws IOException {
    writeIds(event, json);
    json.writeStringField("trackingNumber", event.trackingNumber());
  }
}
