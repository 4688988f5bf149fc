package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tributary.application.DerivedId;
import dev.tributary.application.Ids;
import dev.tributary.application.PlaceOrder;
import dev.tributary.application.RegisterUser;
import dev.tributary.domain.messaging.Delivery;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.EventHandler;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.order.LineItem;
import dev.tributary.domain.order.Money;
import dev.tributary.domain.order.OrderEvent;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.domain.user.UserId;
import dev.tributary.domain.user.UserName;
import dev.tributary.eventjson.UndecodableException;
import io.lettuce.core.Consumer;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What others write, and what others read, with nothing but a plain client. */
class WireFormatTest {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final String STREAM = "user-events";
  private static final Group GROUP = new Group("email-processors");
  private static final String DEAD = "{user-events}:dead:email-processors";
  private static final SubscriptionSpec<UserCreated> CREATED = new SubscriptionSpec<>(UserEvent.TOPIC, GROUP,
      UserCreated.class);
  private static final Instant AT = Instant.ofEpochMilli(1_700_000_000_000L);
  private static final EmailAddress EMAIL = new EmailAddress("ada@example.com");
  /** One character for each byte, whatever the byte. */
  private static final StringCodec BYTES = new StringCodec(StandardCharsets.ISO_8859_1);
  private static final JsonMapper JSON = new JsonMapper();

  private final List<Delivery<UserCreated>> seen = new CopyOnWriteArrayList<>();
  private final EventHandler<UserCreated> seeing = delivery -> {
    seen.add(delivery);
    return Outcome.SETTLED;
  };
  private Raw raw;
  private RedisCommands<String, String> redis;
  private RedisMessaging messaging;

  @BeforeEach
  void open() {
    raw = new Raw(TestRedis.shared().url());
    redis = raw.redis();
    redis.flushall();
    messaging = RedisMessaging.open(RedisHarness.settings());
  }

  @AfterEach
  void close() {
    messaging.close();
    raw.close();
  }

  // What others write.

  @Test
  void an_event_as_the_guide_publishes_it_reaches_the_handler() {
    long now = 1_734_567_890_123L;
    String id = redis.xadd(STREAM, "event",
        "{\"type\":\"user_created\",\"userId\":\"123\",\"email\":\"user@example.com\",\"timestamp\":" + now + "}",
        "timestamp", Long.toString(now));
    messaging.subscriber().subscribe(CREATED, seeing);
    Delivery<UserCreated> delivery = awaitSeen(1).getFirst();
    assertThat(delivery.event())
        .isEqualTo(new UserCreated(new UserId("123"), new EmailAddress("user@example.com"), Optional.empty()));
    assertThat(delivery.recorded().at()).isEqualTo(Instant.ofEpochMilli(now));
    assertThat(delivery.id().value()).isEqualTo(DerivedId.of("entry", STREAM, id));
    assertThat(redis.exists(DEAD)).isZero();
  }

  @Test
  void flat_fields_as_the_guide_writes_them_reach_the_handler() {
    redis.xadd(STREAM, "type", "user_created", "userId", "123", "email", "user@example.com", "timestamp",
        "1734567890123");
    messaging.subscriber().subscribe(CREATED, seeing);
    Delivery<UserCreated> delivery = awaitSeen(1).getFirst();
    assertThat(delivery.event().userId()).isEqualTo(new UserId("123"));
    assertThat(delivery.recorded().at()).isEqualTo(Instant.ofEpochMilli(1_734_567_890_123L));
  }

  @Test
  void what_tells_no_time_happened_when_it_was_appended() {
    String id = redis.xadd(STREAM, "type", "user_created", "userId", "123", "email", "user@example.com", "timestamp",
        "2024-12-17T16:31:30Z", "name", "");
    messaging.subscriber().subscribe(CREATED, seeing);
    Delivery<UserCreated> delivery = awaitSeen(1).getFirst();
    assertThat(delivery.recorded().at()).isEqualTo(Instant.ofEpochMilli(EntryId.parse(id).millis()));
    assertThat(delivery.event().name()).isEmpty();
    assertThat(redis.exists(DEAD)).isZero();
  }

  @Test
  void entries_with_any_id_reach_the_handler() {
    redis.xadd(STREAM, new XAddArgs().id("0-1"), flat());
    redis.xadd(STREAM, new XAddArgs().id("9223372036854775808-0"), flat());
    messaging.subscriber().subscribe(CREATED, seeing);
    awaitSeen(2);
    redis.xadd(STREAM, flat());
    awaitSeen(3);
    awaitSettled();
  }

  static Stream<Arguments> poison() {
    return Stream.of(Arguments.of("missing", bytes("x", "y")), Arguments.of("empty", bytes("type", "")),
        Arguments.of("nobody knows", bytes("type", "user_deleted", "userId", "1")),
        Arguments.of("JSON", bytes("event", "{\"type\":", "timestamp", "1")),
        Arguments.of("JSON", bytes("event", "[object Object]")), Arguments.of("JSON", bytes("event", "")),
        Arguments.of("no object", bytes("event", "[]")), Arguments.of("JSON", bytes("event", "{} {}")),
        Arguments.of("JSON", bytes("event", "{\"type\":\"user_created\",\"type\":\"user_created\"}")),
        Arguments.of("UTF-8", bytes("event", "{\"\u00ff\"}")),
        Arguments.of("bytes", bytes("event", "\"" + "x".repeat(600_000) + "\"")),
        Arguments.of("JSON", bytes("event", "[".repeat(100_000))),
        Arguments.of("email", bytes("type", "user_created", "userId", "1", "email", "nobody")),
        Arguments.of("userId", bytes("type", "user_created", "userId", "a b", "email", "a@b")),
        Arguments.of("name", bytes("type", "user_created", "userId", "1", "email", "a@b", "name", "A\nB")),
        Arguments.of("missing", bytes("\u00ff\0", "\u00fe\0\r\n")));
  }

  @ParameterizedTest(name = "{index} {0}")
  @MethodSource("poison")
  void what_is_no_event_becomes_a_dead_letter_and_the_next_goes_on(String reason, Map<String, String> fields) {
    RedisClient client = RedisClient.create(TestRedis.shared().url());
    try (StatefulRedisConnection<String, String> connection = client.connect(BYTES)) {
      String id = connection.sync().xadd(STREAM, fields);
      redis.xadd(STREAM, flat());
      messaging.subscriber().subscribe(CREATED, seeing);
      awaitSeen(1);
      awaitSettled();
      StreamMessage<String, String> letter = connection.sync().xrange(DEAD, Range.unbounded()).getFirst();
      assertLetter(letter, id, reason);
      Map<String, String> raws = new LinkedHashMap<>();
      fields.forEach((name, value) -> raws.put("raw:" + name, value));
      assertThat(letter.getBody()).containsAllEntriesOf(raws).hasSize(6 + fields.size());
    } finally {
      client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
  }

  private static void assertLetter(StreamMessage<String, String> letter, String id, String reason) {
    Map<String, String> body = letter.getBody();
    assertThat(body).containsEntry("entryId", id)
        .containsEntry("attempts", "0")
        .containsEntry("errorClass", UndecodableException.class.getName());
    assertThat(body.get("reason")).contains(reason);
    assertThat(body.get("firstFailureAt")).matches("\\d{13}").isEqualTo(body.get("lastFailureAt"));
  }

  @Test
  void a_letter_of_what_failed_tells_the_whole_story() {
    String id = redis.xadd(STREAM, flat());
    messaging.subscriber().subscribe(CREATED, _ -> {
      throw new IllegalStateException("line 1\nline 2 \"ü\"");
    });
    await().atMost(SOON).until(() -> redis.xlen(DEAD) == 1);
    Map<String, String> letter = redis.xrange(DEAD, Range.unbounded()).getFirst().getBody();
    assertThat(letter).containsEntry("entryId", id)
        .containsEntry("reason", "line 1\nline 2 \"ü\"")
        .containsEntry("errorClass", "java.lang.IllegalStateException")
        .containsEntry("attempts", "3")
        .containsEntry("raw:type", "user_created")
        .containsEntry("raw:userId", "1")
        .containsEntry("raw:email", "a@b")
        .containsOnlyKeys("entryId", "reason", "errorClass", "attempts", "firstFailureAt", "lastFailureAt", "raw:type",
            "raw:userId", "raw:email");
    assertThat(Long.parseLong(letter.get("firstFailureAt"))).isLessThanOrEqualTo(
        Long.parseLong(letter.get("lastFailureAt")));
  }

  // What others read.

  @Test
  void a_reader_after_the_guide_reads_a_registration() throws JsonProcessingException {
    var registered = (RegisterUser.Result.Registered) new RegisterUser(messaging.unitOfWork(), ids(),
        InstantSource.fixed(AT)).register(Optional.empty(), EMAIL, Optional.of(new UserName("Ada 😀")));
    JsonNode event = JSON.readTree(readWithAGroup(STREAM).getFirst().get("event"));
    assertThat(event.get("type").textValue()).isEqualTo("user_created");
    assertThat(event.get("userId").textValue()).isEqualTo(registered.user().id().value());
    assertThat(event.get("email").textValue()).isEqualTo("ada@example.com");
    assertThat(event.get("name").textValue()).isEqualTo("Ada 😀");
    assertThat(event.get("timestamp").isIntegralNumber()).isTrue();
    assertThat(event.get("timestamp").longValue()).isEqualTo(AT.toEpochMilli());
    assertThat(event).hasSize(5);
  }

  @Test
  void a_reader_after_the_guide_reads_an_order() throws JsonProcessingException {
    var clock = InstantSource.fixed(AT);
    var registered = (RegisterUser.Result.Registered) new RegisterUser(messaging.unitOfWork(), ids(), clock)
        .register(Optional.empty(), EMAIL, Optional.empty());
    var items = List.of(new LineItem("A-1", 2, Money.parse("19.99", Money.currency("EUR"))));
    var placed = (PlaceOrder.Result.Placed) new PlaceOrder(messaging.unitOfWork(), ids(), clock)
        .place(Optional.empty(), registered.user().id(), items);
    StreamMessage<String, String> entry = redis.xrange("order-events", Range.unbounded()).getFirst();
    JsonNode event = JSON.readTree(entry.getBody().get("event"));
    String orderId = placed.order().purchase().id().value();
    assertThat(event).isEqualTo(JSON.readTree("""
        {"type":"order_created","orderId":"%s","userId":"%s","total":"39.98","currency":"EUR",
        "items":[{"sku":"A-1","quantity":2,"unitPrice":"19.99"}],"timestamp":1700000000000}
        """.formatted(orderId, registered.user().id())));
    assertThat(entry.getBody()).containsEntry("type", "order_created")
        .containsEntry("key", orderId)
        .containsEntry("timestamp", "1700000000000")
        .containsOnlyKeys("id", "type", "key", "timestamp", "event");
    assertThat(UUID.fromString(entry.getBody().get("id")).version()).isEqualTo(8);
    assertThat(redis.keys("*")).contains("order-events", "{order-events}:order:" + orderId);
    assertThat(OrderEvent.TOPIC.name()).isEqualTo("order-events");
  }

  @Test
  void a_reader_after_the_guide_reads_what_the_publisher_writes() throws JsonProcessingException {
    UUID id = UUID.randomUUID();
    messaging.publisher()
        .publish(UserEvent.TOPIC, List.of(
            new Recorded<>(new EventId(id), AT, new UserCreated(new UserId("u-1"), EMAIL, Optional.empty()))));
    Map<String, String> message = readWithAGroup(STREAM).getFirst();
    assertThat(message).containsEntry("id", id.toString());
    JsonNode event = JSON.readTree(message.get("event"));
    assertThat(event.get("userId").textValue()).isEqualTo("u-1");
    assertThat(event.get("name").isNull()).isTrue();
    assertThat(event.get("timestamp").longValue()).isEqualTo(AT.toEpochMilli());
  }

  @SuppressWarnings("unchecked")
  private List<Map<String, String>> readWithAGroup(String stream) {
    redis.xgroupCreate(XReadArgs.StreamOffset.from(stream, "0"), "guide", XGroupCreateArgs.Builder.mkstream());
    return redis
        .xreadgroup(Consumer.from("guide", "consumer-1"), XReadArgs.Builder.count(10).block(100),
            XReadArgs.StreamOffset.lastConsumed(stream))
        .stream()
        .map(StreamMessage::getBody)
        .toList();
  }

  private List<Delivery<UserCreated>> awaitSeen(int count) {
    await().atMost(SOON).untilAsserted(() -> assertThat(seen).hasSize(count));
    return seen;
  }

  private void awaitSettled() {
    await().atMost(SOON).until(() -> redis.xpending(STREAM, GROUP.name()).getCount() == 0);
  }

  private static Map<String, String> flat() {
    var fields = new LinkedHashMap<String, String>();
    fields.put("type", "user_created");
    fields.put("userId", "1");
    fields.put("email", "a@b");
    return fields;
  }

  private static Ids ids() {
    return UUID::randomUUID;
  }

  private static Map<String, String> bytes(String... strings) {
    var fields = new LinkedHashMap<String, String>();
    for (int i = 0; i < strings.length; i += 2) {
      fields.put(strings[i], strings[i + 1]);
    }
    return fields;
  }
}
