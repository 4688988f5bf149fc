package dev.tributary.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.tributary.adapters.redis.RedisMessaging;
import dev.tributary.adapters.redis.RedisSettings;
import dev.tributary.application.DeliverySettings;
import dev.tributary.application.Groups;
import dev.tributary.application.Retention;
import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Topic;
import dev.tributary.domain.order.LineItem;
import dev.tributary.domain.order.Money;
import dev.tributary.domain.order.OrderCreated;
import dev.tributary.domain.order.OrderEvent;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.order.OrderPaid;
import dev.tributary.domain.order.OrderPaymentDeclined;
import dev.tributary.domain.order.OrderShipped;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.domain.user.UserId;
import dev.tributary.domain.user.UserName;
import dev.tributary.domain.user.UserProfileCreated;
import dev.tributary.domain.user.WelcomeEmailSent;
import dev.tributary.redisserver.RedisServer;
import dev.tributary.redisserver.RedisServerSettings;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The AsyncAPI document against what the Redis adapter writes and reads, on a real server. Here, for only here both are in sight. */
class AsyncApiTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Instant AT = Instant.ofEpochMilli(1_700_000_000_000L);
  private static final UserId USER = new UserId("user-1");
  private static final OrderId ORDER = new OrderId("order-1");
  private static final EmailAddress EMAIL = new EmailAddress("ada@example.com");
  private static final Money PRICE = Money.parse("19.99", Money.currency("EUR"));
  private static final List<UserEvent> USER_EVENTS = List.of(
      new UserCreated(USER, EMAIL, Optional.of(new UserName("Ada"))), new UserCreated(USER, EMAIL, Optional.empty()),
      new UserProfileCreated(USER, "Ada"), new WelcomeEmailSent(USER, EMAIL));
  private static final List<OrderEvent> ORDER_EVENTS = List.of(
      new OrderCreated(ORDER, USER, PRICE, List.of(new LineItem("A-1", 1, PRICE))),
      new OrderPaid(ORDER, USER, PRICE, "payment-1"), new OrderPaymentDeclined(ORDER, USER, "no_funds"),
      new OrderShipped(ORDER, USER, "track-1"));

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7);
  private static final JsonNode DOCUMENT = load();

  @TempDir
  private static Path data;
  private static RedisServer server;
  private static RedisClient client;
  private StatefulRedisConnection<String, String> connection;
  private RedisCommands<String, String> redis;
  private RedisMessaging messaging;

  @BeforeAll
  static void startServer() throws Exception {
    server = RedisServer.start(RedisServerSettings.in(data));
    client = RedisClient.create(server.url());
  }

  @AfterAll
  static void stopServer() {
    client.shutdown();
    server.close();
  }

  @BeforeEach
  void open() {
    connection = client.connect();
    redis = connection.sync();
    redis.flushall();
    messaging = RedisMessaging.open(new RedisSettings(server.url(), DeliverySettings.DEFAULTS, Retention.DEFAULT));
  }

  @AfterEach
  void close() {
    messaging.close();
    connection.close();
  }

  private static JsonNode load() {
    try (InputStream in = AsyncApiTest.class.getResourceAsStream("/docs/asyncapi.json")) {
      return MAPPER.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // What is written.

  @Test
  void the_types_of_the_code_are_those_of_the_document() {
    assertThat(classes(USER_EVENTS)).isEqualTo(Set.of(UserEvent.class.getPermittedSubclasses()));
    assertThat(classes(ORDER_EVENTS)).isEqualTo(Set.of(OrderEvent.class.getPermittedSubclasses()));
    assertThat(sent("user-events").keySet()).isEqualTo(types(USER_EVENTS));
    assertThat(sent("order-events").keySet()).isEqualTo(types(ORDER_EVENTS));
    assertThat(DOCUMENT.get("channels").fieldNames()).toIterable()
        .containsExactly(UserEvent.TOPIC.name(), OrderEvent.TOPIC.name());
  }

  @Test
  void every_entry_that_we_write_is_as_its_message_says() {
    publish(UserEvent.TOPIC, USER_EVENTS);
    publish(OrderEvent.TOPIC, ORDER_EVENTS);
    assertAsSaid("user-events", USER_EVENTS.size());
    assertAsSaid("order-events", ORDER_EVENTS.size());
  }

  private void assertAsSaid(String stream, int count) {
    List<StreamMessage<String, String>> entries = redis.xrange(stream, Range.unbounded());
    assertThat(entries).hasSize(count).allSatisfy(entry -> {
      var headers = new LinkedHashMap<>(entry.getBody());
      JsonNode payload = json(Objects.requireNonNull(headers.remove("event")));
      JsonNode message = Objects.requireNonNull(sent(stream).get(entry.getBody().get("type")));
      assertThat(faults(message.get("headers"), MAPPER.valueToTree(headers))).isEmpty();
      assertThat(faults(message.get("payload"), payload)).isEmpty();
      headers.put("more", "");
      assertThat(faults(message.get("headers"), MAPPER.valueToTree(headers))).isNotEmpty();
      assertThat(faults(message.get("payload"), ((ObjectNode) payload).put("more", ""))).isNotEmpty();
    });
  }

  // What is read.

  @Test
  void the_groups_of_the_code_are_those_of_the_document() {
    Map<String, JsonNode> receiving = operations("receive");
    assertThat(receiving.keySet())
        .isEqualTo(Groups.DECLARED.stream().map(spec -> spec.group().name()).collect(Collectors.toSet()));
    for (SubscriptionSpec<?> spec : Groups.DECLARED) {
      JsonNode operation = Objects.requireNonNull(receiving.get(spec.group().name()));
      assertThat(operation.at("/channel/$ref").textValue()).isEqualTo("#/channels/" + spec.topic().name());
      assertThat(messages(operation).values()).isNotEmpty()
          .allSatisfy(message -> assertThat(message.get("name").textValue()).isEqualTo(type(spec)));
    }
  }

  @Test
  void every_example_is_as_its_message_says_and_every_group_takes_those_meant_for_it() {
    Map<String, Queue<DomainEvent>> taken = subscribeAll();
    var expected = new LinkedHashMap<String, Integer>();
    DOCUMENT.at("/components/messages").forEach(message -> {
      JsonNode example = message.at("/examples/0");
      assertThat(faults(message.get("payload"), example.get("payload"))).as(example.toString()).isEmpty();
      if (message.has("headers")) {
        assertThat(faults(message.get("headers"), example.get("headers"))).as(example.toString()).isEmpty();
      }
      redis.xadd(stream(message), fields(message, example.get("payload")));
    });
    operations("receive").forEach((group, operation) -> expected.put(group, messages(operation).size()));
    await().atMost(SOON).untilAsserted(() -> assertThat(sizes(taken)).isEqualTo(expected));
    assertThat(lettersOfAll()).isZero();
  }

  /** What the schemas of other producers' messages ask for is what is asked for. */
  @Test
  void without_a_required_member_an_entry_of_another_producer_is_a_dead_letter() {
    Map<String, Queue<DomainEvent>> taken = subscribeAll();
    long expected = withoutType();
    for (JsonNode operation : operations("receive").values()) {
      expected += messages(operation).entrySet()
          .stream()
          .filter(AsyncApiTest::isForeign)
          .mapToLong(message -> required(message.getValue()).size())
          .sum();
    }
    long letters = expected;
    DOCUMENT.at("/components/messages").propertyStream().filter(AsyncApiTest::isForeign).forEach(message -> {
      for (String member : required(message.getValue())) {
        ObjectNode less = message.getValue().at("/examples/0/payload").deepCopy();
        less.remove(member);
        assertThat(faults(message.getValue().get("payload"), less)).isNotEmpty();
        redis.xadd(stream(message.getValue()), fields(message.getValue(), less));
      }
    });
    await().atMost(SOON).untilAsserted(() -> assertThat(lettersOfAll()).isEqualTo(letters));
    assertThat(taken.values()).allSatisfy(events -> assertThat(events).isEmpty());
  }

  /** What has no type is a dead letter of every group of its stream, also of those that do not handle what it was to be. */
  private static long withoutType() {
    return DOCUMENT.at("/components/messages")
        .propertyStream()
        .filter(AsyncApiTest::isForeign)
        .mapToLong(message -> Groups.DECLARED.stream()
            .filter(spec -> spec.topic().name().equals(stream(message.getValue())))
            .filter(spec -> !type(spec).equals(text(message.getValue(), "name")))
            .count())
        .sum();
  }

  private static boolean isForeign(Map.Entry<String, JsonNode> message) {
    return !message.getKey().equals(text(message.getValue(), "name"));
  }

  private static List<String> required(JsonNode message) {
    return resolved(message.get("payload")).get("required").valueStream().map(JsonNode::textValue).toList();
  }

  private Map<String, Queue<DomainEvent>> subscribeAll() {
    var taken = new LinkedHashMap<String, Queue<DomainEvent>>();
    Groups.DECLARED.forEach(spec -> taken.put(spec.group().name(), subscribe(spec)));
    return taken;
  }

  private <E extends DomainEvent> Queue<DomainEvent> subscribe(SubscriptionSpec<E> spec) {
    var events = new ConcurrentLinkedQueue<DomainEvent>();
    messaging.subscriber().subscribe(spec, delivery -> {
      events.add(delivery.event());
      return Outcome.SETTLED;
    });
    return events;
  }

  private static Map<String, Integer> sizes(Map<String, Queue<DomainEvent>> taken) {
    return taken.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().size()));
  }

  private long lettersOfAll() {
    return Groups.DECLARED.stream()
        .mapToLong(spec -> messaging.deadLetters().list(spec.topic(), 0, spec.group(), EntryId.START, 200).size())
        .sum();
  }

  /** The entry that stands for a message. */
  private static Map<String, String> fields(JsonNode message, JsonNode payload) {
    var fields = new LinkedHashMap<String, String>();
    if (message.has("headers")) {
      message.at("/examples/0/headers")
          .propertyStream()
          .forEach(field -> fields.put(field.getKey(), field.getValue().textValue()));
      fields.put("event", payload.toString());
    } else {
      payload.propertyStream().forEach(field -> fields.put(field.getKey(), field.getValue().textValue()));
    }
    return fields;
  }

  // The document.

  @Test
  void every_reference_leads_somewhere_and_every_component_is_used() {
    Set<String> references = DOCUMENT.findValues("$ref").stream().map(JsonNode::textValue).collect(Collectors.toSet());
    assertThat(references).allSatisfy(
        reference -> assertThat(DOCUMENT.at(reference.substring(1)).isMissingNode()).as(reference).isFalse());
    var components = new ArrayList<String>();
    DOCUMENT.get("components")
        .propertyStream()
        .forEach(kind -> kind.getValue()
            .fieldNames()
            .forEachRemaining(name -> components.add("#/components/" + kind.getKey() + "/" + name)));
    assertThat(references).containsAll(components);
    assertThat(DOCUMENT.get("asyncapi").textValue()).isEqualTo("3.0.0");
  }

  @Test
  void every_schema_is_a_schema() {
    var draft = REGISTRY.getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_7.getDialectId()));
    List<JsonNode> schemas = Stream
        .concat(DOCUMENT.at("/components/schemas").valueStream(),
            DOCUMENT.at("/components/messages")
                .valueStream()
                .map(message -> message.path("headers"))
                .filter(JsonNode::isObject))
        .toList();
    assertThat(schemas).hasSizeGreaterThan(20)
        .allSatisfy(schema -> assertThat(draft.validate(schema)).as(schema.toString()).isEmpty());
  }

  private static Map<String, JsonNode> operations(String action) {
    return DOCUMENT.get("operations")
        .propertyStream()
        .filter(operation -> text(operation.getValue(), "action").equals(action))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static Map<String, JsonNode> sent(String stream) {
    return messages(Objects.requireNonNull(operations("send").get("send-" + stream)));
  }

  /** By their names in the channel. */
  private static Map<String, JsonNode> messages(JsonNode operation) {
    return operation.get("messages")
        .valueStream()
        .map(reference -> text(reference, "$ref"))
        .collect(Collectors.toMap(reference -> reference.substring(reference.lastIndexOf('/') + 1),
            reference -> resolved(DOCUMENT.at(reference.substring(1)))));
  }

  private static String stream(JsonNode message) {
    return text(message, "name").startsWith("order") ? "order-events" : "user-events";
  }

  private static JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? DOCUMENT.at(text(node, "$ref").substring(1)) : node;
  }

  private static List<String> faults(JsonNode schema, JsonNode value) {
    ObjectNode whole = resolved(schema).deepCopy();
    whole.set("components", DOCUMENT.get("components"));
    return REGISTRY.getSchema(whole)
        .validate(value, context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
        .stream()
        .map(Error::toString)
        .toList();
  }

  private <E extends DomainEvent> void publish(Topic<E> topic, List<? extends E> events) {
    messaging.publisher()
        .publish(topic,
            events.stream().map(event -> new Recorded<E>(new EventId(UUID.randomUUID()), AT, event)).toList());
  }

  private static Set<Class<?>> classes(List<? extends DomainEvent> events) {
    return events.stream().map(Object::getClass).collect(Collectors.toSet());
  }

  private static Set<String> types(List<? extends DomainEvent> events) {
    return events.stream().map(DomainEvent::type).collect(Collectors.toSet());
  }

  private static String type(SubscriptionSpec<?> spec) {
    return Stream.concat(USER_EVENTS.stream(), ORDER_EVENTS.stream())
        .filter(event -> spec.events().isInstance(event))
        .findFirst()
        .orElseThrow()
        .type();
  }

  private static String text(JsonNode node, String name) {
    return node.path(name).asText();
  }

  private static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
