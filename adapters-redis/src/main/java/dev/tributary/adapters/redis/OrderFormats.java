package dev.tributary.adapters.redis;

import static dev.tributary.adapters.redis.UserFormats.userId;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tributary.application.OrderPlace;
import dev.tributary.domain.order.CreatedOrder;
import dev.tributary.domain.order.Decline;
import dev.tributary.domain.order.DeclinedOrder;
import dev.tributary.domain.order.LineItem;
import dev.tributary.domain.order.Money;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.OrderCreated;
import dev.tributary.domain.order.OrderEvent;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.order.OrderPaid;
import dev.tributary.domain.order.OrderPaymentDeclined;
import dev.tributary.domain.order.OrderShipped;
import dev.tributary.domain.order.PaidOrder;
import dev.tributary.domain.order.Payment;
import dev.tributary.domain.order.Purchase;
import dev.tributary.domain.order.Shipment;
import dev.tributary.domain.order.ShippedOrder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

/** Orders and their events in JSON. Money is a decimal string beside its currency, as it is over HTTP. */
final class OrderFormats {

  /** The list of a user's orders, oldest first. */
  static final String ORDERS_OF = "orders-of";

  static final List<EventFormat<? extends OrderEvent>> EVENTS = List.of(
      new EventFormat<>(OrderCreated.TYPE, OrderCreated.class, OrderFormats::readCreated, OrderFormats::writeCreated),
      new EventFormat<>(OrderPaid.TYPE, OrderPaid.class, OrderFormats::readPaid, OrderFormats::writePaid),
      new EventFormat<>(OrderPaymentDeclined.TYPE, OrderPaymentDeclined.class,
          fields -> new OrderPaymentDeclined(orderId(fields), userId(fields), fields.text("code")),
          OrderFormats::writeDeclined),
      new EventFormat<>(OrderShipped.TYPE, OrderShipped.class,
          fields -> new OrderShipped(orderId(fields), userId(fields), fields.text("trackingNumber")),
          OrderFormats::writeShipped));

  static final List<StateFormat<?>> STATES = List
      .of(new StateFormat<>(Order.AGGREGATE, OrderFormats::readOrder, OrderFormats::writeOrder, OrderFormats::listed));

  private OrderFormats() {}

  private static OrderId orderId(Fields fields) throws UndecodableException {
    return Fields.valid("orderId", fields.id("orderId"), OrderId::new);
  }

  private static Currency currency(Fields fields) throws UndecodableException {
    return Fields.valid("currency", fields.text("currency"), Money::currency);
  }

  private static Money money(String name, Fields fields, Currency currency) throws UndecodableException {
    return Fields.valid(name, fields.text(name), text -> Money.parse(text, currency));
  }

  private static List<LineItem> items(Fields fields, Currency currency) throws UndecodableException {
    var items = new ArrayList<LineItem>();
    for (Fields item : fields.objects("items")) {
      int quantity = item.wholeNumber("quantity");
      Money unitPrice = money("unitPrice", item, currency);
      items.add(Fields.valid("items", item.text("sku"), sku -> new LineItem(sku, quantity, unitPrice)));
    }
    return items;
  }

  private static void writeItems(List<LineItem> items, JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("items");
    for (LineItem item : items) {
      json.writeStartObject();
      json.writeStringField("sku", item.sku());
      json.writeNumberField("quantity", item.quantity());
      json.writeStringField("unitPrice", item.unitPrice().toDecimal());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static OrderCreated readCreated(Fields fields) throws UndecodableException {
    Currency currency = currency(fields);
    return new OrderCreated(orderId(fields), userId(fields), total("total", fields, currency), items(fields, currency));
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
    writeItems(event.items(), json);
  }

  private static OrderPaid readPaid(Fields fields) throws UndecodableException {
    return new OrderPaid(orderId(fields), userId(fields), total("amount", fields, currency(fields)),
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

  private static Order readOrder(Fields fields) throws UndecodableException {
    Currency currency = currency(fields);
    var purchase = new Purchase(orderId(fields), userId(fields), items(fields, currency),
        fields.requiredInstant("createdAt"));
    Optional<Fields> payment = fields.optionalObject("payment");
    Optional<Fields> decline = fields.optionalObject("decline");
    Optional<Fields> shipment = fields.optionalObject("shipment");
    if (decline.isPresent()) {
      return new DeclinedOrder(purchase, new Decline(decline.get().text("code"), decline.get().requiredInstant("at")));
    }
    if (payment.isEmpty()) {
      return new CreatedOrder(purchase);
    }
    var paid = new Payment(payment.get().text("id"), payment.get().requiredInstant("at"));
    return shipment.isEmpty()
        ? new PaidOrder(purchase, paid)
        : new ShippedOrder(purchase, paid,
            new Shipment(shipment.get().text("trackingNumber"), shipment.get().requiredInstant("at")));
  }

  private static void writeOrder(Order order, JsonGenerator json) throws IOException {
    Purchase purchase = order.purchase();
    json.writeStringField("orderId", purchase.id().value());
    json.writeStringField("userId", purchase.userId().value());
    json.writeStringField("currency", purchase.currency().getCurrencyCode());
    writeItems(purchase.items(), json);
    json.writeNumberField("createdAt", purchase.createdAt().toEpochMilli());
    switch (order) {
      case CreatedOrder _ -> {
      }
      case PaidOrder paid -> writePayment(paid.payment(), json);
      case DeclinedOrder declined -> writeDecline(declined.decline(), json);
      case ShippedOrder shipped -> {
        writePayment(shipped.payment(), json);
        writeShipment(shipped.shipment(), json);
      }
    }
  }

  private static void writePayment(Payment payment, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("payment");
    json.writeStringField("id", payment.id());
    json.writeNumberField("at", payment.at().toEpochMilli());
    json.writeEndObject();
  }

  private static void writeDecline(Decline decline, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("decline");
    json.writeStringField("code", decline.code());
    json.writeNumberField("at", decline.at().toEpochMilli());
    json.writeEndObject();
  }

  private static void writeShipment(Shipment shipment, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("shipment");
    json.writeStringField("trackingNumber", shipment.trackingNumber());
    json.writeNumberField("at", shipment.at().toEpochMilli());
    json.writeEndObject();
  }

  private static Optional<StateFormat.Listing> listed(Order order) {
    return Optional
        .of(new StateFormat.Listing(ORDERS_OF, order.purchase().userId().value(), OrderPlace.of(order).text()));
  }
}
