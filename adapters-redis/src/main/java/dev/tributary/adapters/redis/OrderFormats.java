package dev.tributary.adapters.redis;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tributary.application.OrderPlace;
import dev.tributary.domain.order.CreatedOrder;
import dev.tributary.domain.order.Decline;
import dev.tributary.domain.order.DeclinedOrder;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.PaidOrder;
import dev.tributary.domain.order.Payment;
import dev.tributary.domain.order.Purchase;
import dev.tributary.domain.order.Shipment;
import dev.tributary.domain.order.ShippedOrder;
import dev.tributary.eventjson.Fields;
import dev.tributary.eventjson.UndecodableException;
import dev.tributary.eventjson.Values;
import java.io.IOException;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

/** Orders in JSON. Money is a decimal string beside its currency, as it is over HTTP. */
final class OrderFormats {

  /** The list of a user's orders, oldest first. */
  static final String ORDERS_OF = "orders-of";

  static final List<StateFormat<?>> STATES = List
      .of(new StateFormat<>(Order.AGGREGATE, OrderFormats::readOrder, OrderFormats::writeOrder, OrderFormats::listed));

  private OrderFormats() {}

  private static Order readOrder(Fields fields) throws UndecodableException {
    Currency currency = Values.currency(fields);
    var purchase = new Purchase(Values.orderId(fields), Values.userId(fields), Values.items(fields, currency),
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
    Values.writeItems(purchase.items(), json);
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
