package dev.tributary.adapters.redis;

import dev.tributary.application.DerivedId;
import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.TraceParent;
import dev.tributary.domain.messaging.Work;
import dev.tributary.domain.order.CreatedOrder;
import dev.tributary.domain.order.LineItem;
import dev.tributary.domain.order.Money;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.OrderCreated;
import dev.tributary.domain.order.OrderEvent;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.order.Purchase;
import dev.tributary.domain.user.UserId;
import dev.tributary.eventjson.EntryFields;
import dev.tributary.eventjson.EventCodec;
import dev.tributary.eventjson.UndecodableException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What one event, one state and one commit cost before they reach the socket, and behind it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EncodingBenchmark {

  private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  private static final Purchase PURCHASE = new Purchase(new OrderId("01890a5d-ac96-774b-bcce-b302099a8058"),
      new UserId("01890a5d-ac96-774b-bcce-b302099a8057"),
      List.of(new LineItem("A-1", 2, Money.parse("19.99", Money.currency("EUR")))),
      Instant.ofEpochMilli(1_700_000_000_000L));
  private static final OrderEvent CREATED = Order.place(PURCHASE).events().getFirst();

  private final Keys keys = Keys.of(OrderEvent.TOPIC);
  private final Group group = new Group("payment-processors");
  private final Recorded<OrderEvent> event = new Recorded<>(new EventId(DerivedId.of("event")), PURCHASE.createdAt(),
      CREATED, TraceParent.parse(TRACE));
  private final Entry entry = entry(event);
  private final Change<Order> change = new Change<>(Order.key(PURCHASE.id()), 1, new CreatedOrder(PURCHASE));
  private final byte[] state = StateCodec.encode(change);
  private final List<Settlement> hundred = java.util.stream.IntStream.range(0, 100).mapToObj(_ -> work()).toList();

  private static Entry entry(Recorded<?> recorded) {
    Map<String, byte[]> fields = new HashMap<>();
    byte[][] encoded = EventCodec.encode(recorded);
    for (int i = 0; i < encoded.length; i++) {
      fields.put(EntryFields.ALL.get(i), encoded[i]);
    }
    return new Entry("1700000000000-0", fields);
  }

  @Benchmark
  public byte[][] encodeEvent() {
    return EventCodec.encode(event);
  }

  @Benchmark
  public Optional<Recorded<OrderCreated>> decodeEvent() throws UndecodableException {
    return EventCodec.decode(keys.stream(), entry, OrderCreated.class);
  }

  @Benchmark
  public Object decodeState() {
    return StateCodec.decode(change.key(), state);
  }

  @Benchmark
  public Optional<TraceParent> parseTrace() {
    return TraceParent.parse(TRACE);
  }

  @Benchmark
  public String key() {
    return keys.state(change.key());
  }

  /** State, event, mark and acknowledgement of one delivery. */
  @Benchmark
  public Settlement settlement() {
    return work();
  }

  private Settlement work() {
    return Settlement.of(keys, new Delivered(new Lease("1700000000000-0", 1), entry, 0),
        Optional.of(event.id().value()),
        new Work(List.of(change), List.of(event)));
  }

  /** A hundred settlements as the script's arguments. */
  @Benchmark
  public byte[][] argumentsOfHundredSettlements() {
    return Settlement.call(keys, group, "consumer-1", hundred).arguments();
  }
}
