package dev.tributary.eventjson;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.TraceParent;
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
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventCodecTest {

  private static final String STREAM = "user-events";
  private static final String ENTRY_ID = "1700000000123-7";
  private static final Instant APPENDED = Instant.ofEpochMilli(1_700_000_000_123L);
  private static final UUID ID = UUID.fromString("018bcfe5-6800-7000-8000-000000000001");
  private static final Instant AT = Instant.ofEpochMilli(1_700_000_000_000L);
  private static final UserId USER = new UserId("user-1");
  private static final OrderId ORDER = new OrderId("order-1");
  private static final EmailAddress EMAIL = new EmailAddress("ada@example.com");
  private static final Money TOTAL = money("39.98");

  private record Entry(String originalId, Map<String, byte[]> fields) implements WrittenEntry {

    @Override
    public Instant appendedAt() {
      return APPENDED;
    }
  }

  static Stream<Arguments> our_events() {
    return Stream.of(
        Arguments.of(new UserCreated(USER, EMAIL, Optional.of(new UserName("Ada \"Ü\" 😀"))), """
            {"type":"user_created","userId":"user-1","email":"ada@example.com","name":"Ada \\"Ü\\" \\uD83D\\uDE00",\
            "timestamp":1700000000000}"""),
        Arguments.of(new UserCreated(USER, EMAIL, Optional.empty()), """
            {"type":"user_created","userId":"user-1","email":"ada@example.com","name":null,\
            "timestamp":1700000000000}"""),
        Arguments.of(new UserProfileCreated(USER, "Ada"), """
            {"type":"user_profile_created","userId":"user-1","displayName":"Ada","timestamp":1700000000000}"""),
        Arguments.of(new WelcomeEmailSent(USER, EMAIL), """
            {"type":"welcome_email_sent","userId":"user-1","email":"ada@example.com","timestamp":1700000000000}"""),
        Arguments.of(new OrderCreated(ORDER, USER, TOTAL, List.of(new LineItem("A-1", 2, money("19.99")))), """
            {"type":"order_created","orderId":"order-1","userId":"user-1","total":"39.98","currency":"EUR",\
            "items":[{"sku":"A-1","quantity":2,"unitPrice":"19.99"}],"timestamp":1700000000000}"""),
        Arguments.of(new OrderPaid(ORDER, USER, TOTAL, "payment-1"), """
            {"type":"order_paid","orderId":"order-1","userId":"user-1","amount":"39.98","currency":"EUR",\
            "paymentId":"payment-1","timestamp":1700000000000}"""),
        Arguments.of(new OrderPaymentDeclined(ORDER, USER, "no_funds"), """
            {"type":"order_payment_declined","orderId":"order-1","userId":"user-1","code":"no_funds",\
            "timestamp":1700000000000}"""),
        Arguments.of(new OrderShipped(ORDER, USER, "track-1"), """
            {"type":"order_shipped","orderId":"order-1","userId":"user-1","trackingNumber":"track-1",\
            "timestamp":1700000000000}"""));
  }

  @ParameterizedTest
  @MethodSource("our_events")
  void our_events_stand_in_five_fields_and_come_back(DomainEvent event, String json) throws UndecodableException {
    var recorded = new Recorded<>(new EventId(ID), AT, event);
    Map<String, byte[]> written = written(recorded);
    var expected = new LinkedHashMap<String, String>();
    expected.put("id", ID.toString());
    expected.put("type", event.type());
    expected.put("key", event.key());
    expected.put("timestamp", "1700000000000");
    expected.put("event", json);
    assertThat(texts(written)).containsExactlyEntriesOf(expected);
    assertThat(EventCodec.texts(recorded)).containsExactlyEntriesOf(expected);
    assertThat(EventCodec.decode(STREAM, new Entry(ENTRY_ID, written), DomainEvent.class)).contains(recorded);
  }

  @Test
  void a_trace_stands_in_a_sixth_field_and_comes_back() throws UndecodableException {
    var trace = new TraceParent("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true);
    var recorded = new Recorded<UserEvent>(new EventId(ID), AT, new UserProfileCreated(USER, "Ada")).from(trace);
    Map<String, byte[]> written = written(recorded);
    assertThat(texts(written)).hasSize(6)
        .containsEntry("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    assertThat(EventCodec.decode(STREAM, new Entry(ENTRY_ID, written), UserEvent.class)).contains(recorded);
  }

  static Stream<byte[]> bad_traces() {
    return Stream.of(new byte[0], new byte[]{(byte) 0xff, 0}, "00-x".getBytes(UTF_8), new byte[512 * 1024],
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01".getBytes(UTF_8),
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n".getBytes(UTF_8));
  }

  @ParameterizedTest
  @MethodSource("bad_traces")
  void a_bad_trace_is_none_and_the_event_is_read_all_the_same(byte[] trace) throws UndecodableException {
    var fields = new LinkedHashMap<>(bytes(Map.of("id", ID.toString(), "event", userCreated("userId", "1"))));
    Recorded<UserCreated> without = EventCodec
        .decode(STREAM, new Entry(ENTRY_ID, Map.copyOf(fields)), UserCreated.class)
        .orElseThrow();
    fields.put("traceparent", trace);
    assertThat(EventCodec.decode(STREAM, new Entry(ENTRY_ID, fields), UserCreated.class)).contains(without);
    assertThat(without.trace()).isEmpty();
  }

  @Test
  void an_entry_with_just_event_and_timestamp_is_read() throws UndecodableException {
    Recorded<UserCreated> read = read(Map.of("event",
        "{\"type\":\"user_created\",\"userId\":\"42\",\"email\":\"ada@example.com\",\"timestamp\":1700000000000}",
        "timestamp", "1700000000001"));
    assertThat(read.event()).isEqualTo(new UserCreated(new UserId("42"), EMAIL, Optional.empty()));
    assertThat(read.at()).isEqualTo(AT);
  }

  @Test
  void an_entry_with_flat_fields_and_no_event_is_read() throws UndecodableException {
    Recorded<UserCreated> read = read(
        Map.of("type", "user_created", "userId", "42", "email", "ada@example.com", "timestamp", "1700000000000"));
    assertThat(read.event()).isEqualTo(new UserCreated(new UserId("42"), EMAIL, Optional.empty()));
    assertThat(read.at()).isEqualTo(AT);
  }

  @Test
  void the_time_is_the_events_then_the_entrys_field_then_when_it_was_appended() throws UndecodableException {
    String timeless = "{\"type\":\"user_created\",\"userId\":\"1\",\"email\":\"a@b\"}";
    assertThat(read(Map.of("event", timeless, "timestamp", "5")).at()).isEqualTo(Instant.ofEpochMilli(5));
    assertThat(read(Map.of("event", timeless)).at()).isEqualTo(APPENDED);
  }

  /** Nothing but a time is wrong with them. */
  @ParameterizedTest
  @ValueSource(strings = {"\"now\"", "\"\"", "\" 5\"", "\"2023-11-14T22:13:20Z\"", "\"5.\"", "\".5\"", "\"5.5.5\"",
      "\"5.x\"", "\"1e12\"", "-1", "\"-1\"", "253402300800000", "\"253402300800000\"",
      "111111111111111111111111111111", "1e300", "1e999", "{}", "[5]", "true", "null"})
  void a_time_that_cannot_be_read_counts_as_missing(String timestamp) throws UndecodableException {
    String event = userCreated("timestamp", timestamp);
    assertThat(read(Map.of("event", event)).at()).isEqualTo(APPENDED);
    assertThat(read(Map.of("event", event, "timestamp", "5")).at()).isEqualTo(Instant.ofEpochMilli(5));
    assertThat(read(Map.of("event", event, "timestamp", "soon")).at()).isEqualTo(APPENDED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"now", "", "2023-11-14T22:13:20Z", "-1", "253402300800000", "NaN"})
  void a_flat_time_that_cannot_be_read_counts_as_missing(String timestamp) throws UndecodableException {
    assertThat(read(Map.of("type", "user_created", "userId", "1", "email", "a@b", "timestamp", timestamp)).at())
        .isEqualTo(APPENDED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1700000000000.5", "1700000000000.999", "\"1700000000000.5\"", "\"1700000000000.0\"",
      "1.7e12", "1700000000000"})
  void a_fraction_of_a_millisecond_is_cut_off(String timestamp) throws UndecodableException {
    assertThat(read(Map.of("event", userCreated("timestamp", timestamp))).at()).isEqualTo(AT);
  }

  @Test
  void a_flat_fraction_of_a_millisecond_is_cut_off() throws UndecodableException {
    assertThat(
        read(Map.of("type", "user_created", "userId", "1", "email", "a@b", "timestamp", "1700000000000.5")).at())
        .isEqualTo(AT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\n", "\u00a0\u2003"})
  void a_blank_name_is_none(String name) throws UndecodableException {
    Recorded<UserCreated> flat = read(Map.of("type", "user_created", "userId", "1", "email", "a@b", "name", name));
    assertThat(flat.event().name()).isEmpty();
    String json = "\"" + name.replace("\t", "\\t").replace("\n", "\\n") + "\"";
    assertThat(read(Map.of("event", userCreated("name", json))).event().name()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"42", "\"42\""})
  void ids_are_numbers_or_strings(String id) throws UndecodableException {
    assertThat(read(Map.of("event", userCreated("userId", id))).event().userId()).isEqualTo(new UserId("42"));
  }

  @Test
  void large_numbers_as_ids_keep_every_digit() throws UndecodableException {
    assertThat(read(Map.of("event", userCreated("userId", "90071992547409931234567"))).event().userId())
        .isEqualTo(new UserId("90071992547409931234567"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\"", "\"a b\"", "\"a:b\"", "\"{x}\"", "\"ü\"", "1.5", "1e3", "true", "null", "[]", "{}",
      "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\""})
  void bad_ids_are_refused(String id) {
    assertRefused(Map.of("event", userCreated("userId", id)), "userId");
  }

  @Test
  void an_id_that_is_a_uuid_is_kept_in_any_case() throws UndecodableException {
    assertThat(readWithId(ID.toString()).id()).isEqualTo(new EventId(ID));
    assertThat(readWithId("018BCFE5-6800-7000-8000-000000000001").id()).isEqualTo(new EventId(ID));
  }

  @ParameterizedTest
  @ValueSource(strings = {"evt_1", "1-1-1-1-1", "018bcfe5-6800-7000-8000-00000000000g", "ü", " "})
  void an_id_that_is_no_uuid_stands_for_one_for_ever(String id) throws UndecodableException {
    EventId derived = readWithId(id).id();
    assertThat(derived.value().version()).isEqualTo(8);
    assertThat(derived.value().variant()).isEqualTo(2);
    assertThat(readWithId(id).id()).isEqualTo(derived);
    assertThat(readWithId(id + "x").id()).isNotEqualTo(derived);
    var elsewhere = new Entry("1-1", bytes(Map.of("id", id, "event", userCreated("userId", "1"))));
    assertThat(EventCodec.decode(STREAM, elsewhere, UserCreated.class).orElseThrow().id()).isEqualTo(derived);
    assertThat(EventCodec.decode("other", elsewhere, UserCreated.class).orElseThrow().id()).isNotEqualTo(derived);
  }

  @Test
  void without_an_id_the_entrys_place_stands_for_one() throws UndecodableException {
    EventId derived = id(STREAM, ENTRY_ID);
    assertThat(derived.value().version()).isEqualTo(8);
    assertThat(id(STREAM, ENTRY_ID)).isEqualTo(derived);
    assertThat(id(STREAM, "1700000000123-8")).isNotEqualTo(derived);
    assertThat(id("order-events", ENTRY_ID)).isNotEqualTo(derived);
  }

  @Test
  void unknown_fields_are_kept_out() throws UndecodableException {
    String event = "{\"type\":\"user_created\",\"userId\":\"1\",\"email\":\"ada@example.com\",\"admin\":true,"
        + "\"password\":{\"deep\":[1]}}";
    Recorded<UserCreated> read = read(Map.of("event", event, "traceparent", "00-x", "whatever", "y"));
    assertThat(read.event()).isEqualTo(new UserCreated(new UserId("1"), EMAIL, Optional.empty()));
    assertThat(texts(written(read)).get("event")).doesNotContain("admin", "password");
  }

  static Stream<Arguments> undecodable() {
    return Stream.of(Arguments.of("nothing at all", Map.of("x", "y")),
        Arguments.of("an empty type", Map.of("type", "")),
        Arguments.of("an empty event", Map.of("event", "", "type", "user_created")),
        Arguments.of("an unknown type", Map.of("type", "user_deleted", "userId", "1")),
        Arguments.of("a type in another case", Map.of("type", "User_Created", "userId", "1", "email", "a@b")),
        Arguments.of("no type", Map.of("event", "{\"userId\":\"1\"}")),
        Arguments.of("a type beside the event only", Map.of("event", "{\"userId\":\"1\"}", "type", "user_created")),
        Arguments.of("a type of null", Map.of("event", "{\"type\":null}")),
        Arguments.of("a type that is a number", Map.of("event", "{\"type\":7}")),
        Arguments.of("broken JSON", Map.of("event", "{\"type\":\"user_created\"")),
        Arguments.of("no JSON", Map.of("event", "[object Object]")),
        Arguments.of("a list", Map.of("event", "[{\"type\":\"user_created\"}]")),
        Arguments.of("a string", Map.of("event", "\"user_created\"")), Arguments.of("null", Map.of("event", "null")),
        Arguments.of("a number", Map.of("event", "1")),
        Arguments.of("NaN", Map.of("event", userCreated("userId", "NaN"))),
        Arguments.of("a second value", Map.of("event", userCreated("userId", "1") + "{}")),
        Arguments.of("trailing text", Map.of("event", userCreated("userId", "1") + " x")),
        Arguments.of("a name twice",
            Map.of("event", "{\"type\":\"user_created\",\"userId\":\"1\",\"userId\":\"2\",\"email\":\"a@b\"}")),
        Arguments.of("a name twice further in",
            Map.of("event",
                "{\"type\":\"user_created\",\"userId\":\"1\",\"email\":\"a@b\",\"x\":{\"a\":1,\"a\":2}}")),
        Arguments.of("too deep",
            Map.of("event",
                "{\"type\":\"user_created\",\"userId\":\"1\",\"email\":\"a@b\",\"x\":" + "[".repeat(40)
                    + "]".repeat(40) + "}")),
        Arguments.of("far too deep", Map.of("event", "[".repeat(200_000))),
        Arguments.of("too large",
            Map.of("event",
                "{\"type\":\"user_created\",\"userId\":\"1\",\"email\":\"a@b\",\"x\":\"" + "x".repeat(512 * 1024)
                    + "\"}")),
        Arguments.of("a number that is endless",
            Map.of("event", userCreated("userId", "1" + "0".repeat(2000)))),
        Arguments.of("no email", Map.of("event", "{\"type\":\"user_created\",\"userId\":\"1\"}")),
        Arguments.of("an email that is a list", Map.of("event", userCreated("email", "[\"a@b\"]"))),
        Arguments.of("an email with a line break", Map.of("event", userCreated("email", "\"a@b\\r\\nBcc: c@d\""))),
        Arguments.of("an email that is none", Map.of("event", userCreated("email", "\"ada\""))),
        Arguments.of("a name that is a number", Map.of("event", userCreated("name", "7"))),
        Arguments.of("a name with half a character", Map.of("event", userCreated("name", "\"\\ud800\""))),
        Arguments.of("a total that is a number", Map.of("event", orderCreated("total", "39.98"))),
        Arguments.of("a total in no currency", Map.of("event", orderCreated("currency", "\"XXX\""))),
        Arguments.of("a total with too many digits", Map.of("event", orderCreated("total", "\"39.981\""))),
        Arguments.of("items that are none", Map.of("event", orderCreated("items", "{}"))),
        Arguments.of("an item that is none", Map.of("event", orderCreated("items", "[7]"))),
        Arguments.of("a quantity that is text",
            Map.of("event", orderCreated("items", "[{\"sku\":\"A\",\"quantity\":\"2\",\"unitPrice\":\"1\"}]"))),
        Arguments.of("a quantity beyond an int",
            Map.of("event", orderCreated("items", "[{\"sku\":\"A\",\"quantity\":4294967298,\"unitPrice\":\"1\"}]"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("undecodable")
  void what_is_no_event_is_refused(String what, Map<String, String> fields) {
    assertThatThrownBy(() -> EventCodec.decode(STREAM, new Entry(ENTRY_ID, bytes(fields)), DomainEvent.class)).as(what)
        .isInstanceOf(UndecodableException.class)
        .hasMessageNotContaining("a@b");
  }

  static Stream<Arguments> broken_utf8() {
    return Stream.of(Arguments.of("a byte that never occurs", new byte[]{(byte) 0xff}),
        Arguments.of("a lone continuation", new byte[]{(byte) 0x80}),
        Arguments.of("a cut sequence", new byte[]{(byte) 0xc3}),
        Arguments.of("an overlong slash", new byte[]{(byte) 0xc0, (byte) 0xaf}),
        Arguments.of("a surrogate", new byte[]{(byte) 0xed, (byte) 0xa0, (byte) 0x80}),
        Arguments.of("beyond Unicode", new byte[]{(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80}));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken_utf8")
  void broken_utf8_is_refused(String what, byte[] broken) {
    byte[] before = "{\"type\":\"user_profile_created\",\"userId\":\"1\",\"displayName\":\"x".getBytes(UTF_8);
    byte[] after = "x\"}".getBytes(UTF_8);
    var json = new byte[before.length + broken.length + after.length];
    System.arraycopy(before, 0, json, 0, before.length);
    System.arraycopy(broken, 0, json, before.length, broken.length);
    System.arraycopy(after, 0, json, before.length + broken.length, after.length);
    assertThatThrownBy(() -> EventCodec.decode(STREAM, new Entry(ENTRY_ID, Map.of("event", json)), UserEvent.class))
        .as(what)
        .isInstanceOf(UndecodableException.class);
  }

  @Test
  void other_encodings_are_refused() {
    byte[] json = userCreated("userId", "1").getBytes(UTF_16BE);
    assertThatThrownBy(() -> EventCodec.decode(STREAM, new Entry(ENTRY_ID, Map.of("event", json)), UserEvent.class))
        .isInstanceOf(UndecodableException.class);
  }

  @Test
  void a_known_type_that_the_group_does_not_handle_is_passed_over_whatever_else_is_wrong() throws UndecodableException {
    var broken = new Entry(ENTRY_ID, bytes(Map.of("event",
        "{\"type\":\"welcome_email_sent\",\"userId\":{},\"email\":7,\"timestamp\":\"never\"}")));
    assertThat(EventCodec.decode(STREAM, broken, UserCreated.class)).isEmpty();
    assertThat(EventCodec.decode(STREAM, broken, OrderEvent.class)).isEmpty();
    assertThatThrownBy(() -> EventCodec.decode(STREAM, broken, UserEvent.class))
        .isInstanceOf(UndecodableException.class);
  }

  private static Recorded<UserCreated> read(Map<String, String> fields) throws UndecodableException {
    return EventCodec.decode(STREAM, new Entry(ENTRY_ID, bytes(fields)), UserCreated.class).orElseThrow();
  }

  private static Recorded<UserCreated> readWithId(String id) throws UndecodableException {
    return read(Map.of("id", id, "event", userCreated("userId", "1")));
  }

  private static EventId id(String stream, String entryId) throws UndecodableException {
    var entry = new Entry(entryId, bytes(Map.of("event", userCreated("userId", "1"))));
    return EventCodec.decode(stream, entry, UserCreated.class).orElseThrow().id();
  }

  private static void assertRefused(Map<String, String> fields, String named) {
    assertThatThrownBy(() -> read(fields)).isInstanceOf(UndecodableException.class)
        .hasMessageContaining("field " + named);
  }

  /** A good event but for one field, whose JSON is given. */
  private static String userCreated(String field, String json) {
    var fields = new LinkedHashMap<String, String>();
    fields.put("type", "\"user_created\"");
    fields.put("userId", "\"1\"");
    fields.put("email", "\"ada@example.com\"");
    fields.put(field, json);
    return object(fields);
  }

  private static String orderCreated(String field, String json) {
    var fields = new LinkedHashMap<String, String>();
    fields.put("type", "\"order_created\"");
    fields.put("orderId", "\"1\"");
    fields.put("userId", "\"1\"");
    fields.put("total", "\"39.98\"");
    fields.put("currency", "\"EUR\"");
    fields.put("items", "[]");
    fields.put(field, json);
    return object(fields);
  }

  private static String object(Map<String, String> fields) {
    return "{" + String.join(",",
        fields.entrySet().stream().map(field -> "\"" + field.getKey() + "\":" + field.getValue()).toList()) + "}";
  }

  private static Map<String, byte[]> written(Recorded<?> recorded) {
    byte[][] values = EventCodec.encode(recorded);
    var fields = new LinkedHashMap<String, byte[]>();
    for (int i = 0; i < values.length; i++) {
      fields.put(EntryFields.ALL.get(i), values[i]);
    }
    return fields;
  }

  private static Map<String, String> texts(Map<String, byte[]> fields) {
    var texts = new LinkedHashMap<String, String>();
    fields.forEach((name, value) -> texts.put(name, new String(value, UTF_8)));
    return texts;
  }

  private static Map<String, byte[]> bytes(Map<String, String> fields) {
    var bytes = new LinkedHashMap<String, byte[]>();
    fields.forEach((name, value) -> bytes.put(name, value.getBytes(UTF_8)));
    return bytes;
  }

  private static Money money(String amount) {
    return Money.parse(amount, Money.currency("EUR"));
  }
}
