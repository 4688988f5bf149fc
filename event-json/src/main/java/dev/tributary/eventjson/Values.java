package dev.tributary.eventjson;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tributary.domain.order.LineItem;
import dev.tributary.domain.order.Money;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.UserId;
import dev.tributary.domain.user.UserName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

/** What events and states of users and orders have in common, each under the one name that it has everywhere. */
public final class Values {

  private Values() {}

  public static UserId userId(Fields fields) throws UndecodableException {
    return Fields.valid("userId", fields.id("userId"), UserId::new);
  }

  public static EmailAddress email(Fields fields) throws UndecodableException {
    return Fields.valid("email", fields.text("email"), EmailAddress::new);
  }

  /** A blank one is none. */
  public static Optional<UserName> name(Fields fields) throws UndecodableException {
    Optional<String> name = fields.optionalText("name").filter(text -> !UserName.isBlank(text));
    return name.isEmpty() ? Optional.empty() : Optional.of(Fields.valid("name", name.get(), UserName::new));
  }

  public static void writeName(Optional<UserName> name, JsonGenerator json) throws IOException {
    if (name.isPresent()) {
      json.writeStringField("name", name.get().value());
    } else {
      json.writeNullField("name");
    }
  }

  public static OrderId orderId(Fields fields) throws UndecodableException {
    return Fields.valid("orderId", fields.id("orderId"), OrderId::new);
  }

  public static Currency currency(Fields fields) throws UndecodableException {
    return Fields.valid("currency", fields.text("currency"), Money::currency);
  }

  public static List<LineItem> items(Fields fields, Currency currency) throws UndecodableException {
    var items = new ArrayList<LineItem>();
    for (Fields item : fields.objects("items")) {
      int quantity = item.wholeNumber("quantity");
      Money unitPrice = Fields.valid("unitPrice", item.text("unitPrice"), text -> Money.parse(text, currency));
      items.add(Fields.valid("items", item.text("sku"), sku -> new LineItem(sku, quantity, unitPrice)));
    }
    return items;
  }

  public static void writeItems(List<LineItem> items, JsonGenerator json) throws IOException {
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
}
