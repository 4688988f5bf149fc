package dev.tributary.adapters.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.application.Page;
import dev.tributary.application.Queries.UserView;
import dev.tributary.domain.order.CreatedOrder;
import dev.tributary.domain.order.Decline;
import dev.tributary.domain.order.DeclinedOrder;
import dev.tributary.domain.order.LineItem;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.PaidOrder;
import dev.tributary.domain.order.Payment;
import dev.tributary.domain.order.Purchase;
import dev.tributary.domain.order.Shipment;
import dev.tributary.domain.order.ShippedOrder;
import dev.tributary.domain.user.Profile;
import dev.tributary.domain.user.User;
import dev.tributary.domain.user.UserName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Users, orders and pages as clients see them. Every member is always there, null where there is nothing. */
final class Views {

  private Views() {}

  static ObjectNode user(UserView view) {
    User user = view.user();
    ObjectNode json = Json.object()
        .put("id", user.id().value())
        .put("email", user.email().value())
        .put("name", user.name().map(UserName::value).orElse(null))
        .put("createdAt", user.createdAt().toString());
    json.set("profile", orNull(user.profile().map(Views::profile)));
    return json.put("welcomeEmailSentAt", view.welcomeEmailSentAt().map(Instant::toString).orElse(null));
  }

  static ObjectNode order(Order order) {
    Purchase purchase = order.purchase();
    ObjectNode json = Json.object()
        .put("id", purchase.id().value())
        .put("userId", purchase.userId().value())
        .put("status", status(order))
        .put("currency", purchase.currency().getCurrencyCode())
        .put("total", purchase.total().toDecimal());
    json.set("items", list(purchase.items(), Views::item));
    json.put("createdAt", purchase.createdAt().toString());
    json.set("payment", payment(order));
    json.set("shipment", shipment(order));
    json.set("history", list(order.history(), Views::step));
    return json;
  }

  static <T> ObjectNode page(Page<T> page, Function<T, ObjectNode> view) {
    ObjectNode json = Json.object();
    json.set("items", list(page.items(), view));
    return json.put("next", page.next().orElse(null));
  }

  private static String status(Order order) {
    return switch (order) {
      case CreatedOrder _ -> "created";
      case PaidOrder _ -> "paid";
      case DeclinedOrder _ -> "payment_declined";
      case ShippedOrder _ -> "shipped";
    };
  }

  private static JsonNode payment(Order order) {
    return switch (order) {
      case CreatedOrder _ -> NullNode.instance;
      case PaidOrder paid -> payment(paid.payment());
      case DeclinedOrder declined -> declined(declined.decline());
      case ShippedOrder shipped -> payment(shipped.payment());
    };
  }

  private static JsonNode shipment(Order order) {
    return switch (order) {
      case CreatedOrder _,PaidOrder _,DeclinedOrder _ -> NullNode.instance;
      case ShippedOrder shipped -> shipment(shipped.shipment());
    };
  }

  private static ObjectNode profile(Profile profile) {
    return Json.object().put("displayName", profile.displayName()).put("createdAt", profile.createdAt().toString());
  }

  private static ObjectNode item(LineItem item) {
    return Json.object()
        .put("sku", item.sku())
        .put("quantity", item.quantity())
        .put("unitPrice", item.unitPrice().toDecimal());
  }

  private static ObjectNode payment(Payment payment) {
    return Json.object().put("id", payment.id()).put("at", payment.at().toString());
  }

  private static ObjectNode declined(Decline decline) {
    return Json.object().put("declined", decline.code()).put("at", decline.at().toString());
  }

  private static ObjectNode shipment(Shipment shipment) {
    return Json.object().put("trackingNumber", shipment.trackingNumber()).put("at", shipment.at().toString());
  }

  private static ObjectNode step(Order.Step step) {
    return Json.object().put("type", step.type()).put("at", step.at().toString());
  }

  private static <T> ArrayNode list(List<T> elements, Function<T, ObjectNode> view) {
    ArrayNode list = Json.array();
    elements.forEach(element -> list.add(view.apply(element)));
    return list;
  }

  private static JsonNode orNull(Optional<? extends JsonNode> json) {
    return json.isPresent() ? json.get() : NullNode.instance;
  }
}
