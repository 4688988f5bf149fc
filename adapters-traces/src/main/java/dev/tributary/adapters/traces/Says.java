package dev.tributary.adapters.traces;

import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import io.opentelemetry.api.common.AttributeKey;

/** What spans say, in the words of the semantic conventions; what these have no word for begins with {@code tributary}. */
final class Says {

  static final AttributeKey<String> ERROR_TYPE = stringKey("error.type");

  static final AttributeKey<String> METHOD = stringKey("http.request.method");
  static final AttributeKey<Long> STATUS = longKey("http.response.status_code");
  static final AttributeKey<String> ROUTE = stringKey("http.route");
  static final AttributeKey<String> SCHEME = stringKey("url.scheme");
  static final AttributeKey<String> URL = stringKey("url.full");
  static final AttributeKey<String> URL_TEMPLATE = stringKey("url.template");
  static final AttributeKey<String> SERVER = stringKey("server.address");
  static final AttributeKey<Long> SERVER_PORT = longKey("server.port");

  static final AttributeKey<String> SYSTEM = stringKey("messaging.system");
  static final AttributeKey<String> OPERATION = stringKey("messaging.operation.name");
  static final AttributeKey<String> OPERATION_TYPE = stringKey("messaging.operation.type");
  static final AttributeKey<String> DESTINATION = stringKey("messaging.destination.name");
  static final AttributeKey<String> GROUP = stringKey("messaging.consumer.group.name");
  static final AttributeKey<String> MESSAGE_ID = stringKey("messaging.message.id");
  static final AttributeKey<Long> MESSAGES = longKey("messaging.batch.message_count");

  static final AttributeKey<String> EVENT_TYPE = stringKey("tributary.event.type");
  static final AttributeKey<String> EVENT_KEY = stringKey("tributary.event.key");
  static final AttributeKey<Long> ATTEMPT = longKey("tributary.attempt");

  private Says() {}
}
