package dev.tributary.adapters.redis;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tributary.application.Receipt;
import dev.tributary.eventjson.Fields;
import dev.tributary.eventjson.UndecodableException;
import java.io.IOException;
import java.util.List;
import java.util.UUID;

/** Receipts of requests in JSON. */
final class ReceiptFormats {

  static final List<StateFormat<?>> STATES = List.of(
      new StateFormat<>(Receipt.OF_USERS, ReceiptFormats::read, ReceiptFormats::write),
      new StateFormat<>(Receipt.OF_ORDERS, ReceiptFormats::read, ReceiptFormats::write));

  private ReceiptFormats() {}

  private static Receipt read(Fields fields) throws UndecodableException {
    return Fields.valid("fingerprint", fields.text("fingerprint"), text -> new Receipt(UUID.fromString(text)));
  }

  private static void write(Receipt receipt, JsonGenerator json) throws IOException {
    json.writeStringField("fingerprint", receipt.fingerprint().toString());
  }
}
