package dev.tributary.messaging.contract;

import static dev.tributary.messaging.contract.Samples.userCreated;
import static dev.tributary.messaging.contract.Samples.userId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tributary.application.DeadLetter;
import dev.tributary.application.DerivedId;
import dev.tributary.application.Page;
import dev.tributary.application.RequestId;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.application.Versioned;
import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.Delivery;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.messaging.EventLog;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.LogEntry;
import dev.tributary.domain.messaging.Ordering;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Topic;
import dev.tributary.domain.messaging.TraceParent;
import dev.tributary.domain.messaging.Work;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.domain.user.UserId;
import dev.tributary.domain.user.Welcome;
import dev.tributary.domain.user.WelcomeEmailSent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;

/**
 * A store and processes to test with. After each test nothing may be left: no delivery unsettled, no thread, no connection, and no ERROR in the
 * log.
 */
abstract class ContractFixture {

  static final Duration SOON = Duration.ofSeconds(15);
  static final Group GROUP = new Group("contract-group");
  static final Group OTHER_GROUP = new Group("contract-other-group");
  static final SubscriptionSpec<UserCreated> CREATED = new SubscriptionSpec<>(UserEvent.TOPIC, GROUP,
      UserCreated.class);
  static final SubscriptionSpec<UserCreated> CREATED_FOR_OTHERS = new SubscriptionSpec<>(UserEvent.TOPIC,
      OTHER_GROUP,
      UserCreated.class);
  private static final JsonMapper JSON = new JsonMapper();

  final Set<Group> subscribed = new HashSet<>();
  private final List<Harness.Node> nodes = new ArrayList<>();
  Harness harness;
  LogWatch log;

  /** Of every topic. */
  @Parameter
  int partitionCount;

  /** @return a harness over an empty store that is divided like that */
  protected abstract Harness harness(Partitioning partitioning) throws Exception;

  /** In which order a group that does not say so itself handles what is of one key. */
  protected Ordering ordering() {
    return Ordering.NONE;
  }

  final <E extends DomainEvent> SubscriptionSpec<E> ordered(SubscriptionSpec<E> spec) {
    return spec.ordering().isPerKey() ? spec : spec.ordered(ordering());
  }

  @BeforeEach
  final void open() throws Exception {
    log = new LogWatch();
    harness = harness(new Partitioning(partitionCount));
  }

  @AfterEach
  final void nothing_is_left() {
    try {
      assertSettled();
      closeAll();
      soon().untilAsserted(() -> assertThat(harness.connections()).as("connections").isZero());
      soon().untilAsserted(() -> assertThat(Threads.left()).as("threads").isEmpty());
      assertThat(log.errors()).as("ERROR lines").isEmpty();
    } finally {
      // A test that fails must not disturb the next, on the same server.
      closeAll();
      log.close();
      harness.close();
    }
  }

  private void assertSettled() {
    if (!subscribed.isEmpty()) {
      eventually(() -> assertThat(subscribed).as("unsettled")
          .allSatisfy(group -> assertThat(harness.unsettled(UserEvent.TOPIC, group)).as(group.name()).isZero()));
    }
  }

  private void closeAll() {
    nodes.forEach(Harness.Node::close);
  }

  Harness.Node start() {
    return start(Harness.NodeSettings.DEFAULT);
  }

  Harness.Node start(Harness.NodeSettings settings) {
    Harness.Node node = harness.start(settings);
    nodes.add(node);
    return node;
  }

  <E extends DomainEvent> Recorder<E> subscribe(Harness.Node node, SubscriptionSpec<E> spec,
      Recorder<E> handler) {
    subscribed.add(spec.group());
    node.messaging().subscriber().subscribe(ordered(spec), handler);
    return handler;
  }

  /** Decides upon the version that it finds, so that only marks keep it from changing state twice. */
  static Recorder<UserCreated> welcoming(Harness.Node node) {
    return new Recorder<>(delivery -> welcome(node, delivery));
  }

  static Outcome welcome(Harness.Node node, Delivery<UserCreated> delivery) {
    long version = node.messaging()
        .unitOfWork()
        .load(Welcome.key(delivery.event().userId()))
        .map(Versioned::version)
        .orElse(0L);
    return settled(welcomed(delivery.recorded(), version));
  }

  /** Every one of the first users was welcomed, and none twice. */
  static void assertWelcomedOnce(Harness.Node node, int count) {
    assertThat(IntStream.range(0, count)).allSatisfy(
        i -> assertThat(welcome(node, i)).hasValueSatisfying(welcome -> assertThat(welcome.version()).isOne()));
  }

  void untilSettled() {
    eventually(() -> assertThat(harness.unsettled(UserEvent.TOPIC, GROUP)).isZero());
  }

  /** Tries again while the store is on its way up: repeating a publication is harmless. */
  List<Recorded<UserEvent>> publish(int first, int count) {
    List<Recorded<UserEvent>> events = IntStream.range(first, first + count).mapToObj(Samples::userCreated).toList();
    publish(events);
    return events;
  }

  /** Likewise. */
  void publish(List<Recorded<UserEvent>> events) {
    Harness.Node node = nodes.isEmpty() ? start() : nodes.getLast();
    soon().ignoreExceptionsInstanceOf(StoreUnavailableException.class).until(() -> {
      node.messaging().publisher().publish(UserEvent.TOPIC, events);
      return true;
    });
  }

  private ConditionFactory soon() {
    return await().atMost(SOON).pollDelay(Duration.ZERO).pollInterval(harness.pause());
  }

  void eventually(Runnable assertion) {
    soon().untilAsserted(() -> {
      harness.tick();
      assertion.run();
    });
  }

  void throughout(Duration span, Runnable assertion) {
    long until = harness.millis() + span.toMillis();
    soon().failFast(() -> {
      assertion.run();
      return false;
    }).until(() -> {
      harness.tick();
      return harness.millis() >= until;
    });
  }

  static Outcome settled(Work work) {
    return new Outcome.Settled(work);
  }

  static Work welcomed(Recorded<? extends UserEvent> created, long version) {
    UserId id = created.event().userId();
    var welcome = new Welcome(id, ((UserCreated) created.event()).email(), created.at());
    return new Work(List.of(new Change<>(Welcome.key(id), version, welcome)), List.of(followUp(created, "welcome")));
  }

  static Recorded<UserEvent> followUp(Recorded<? extends UserEvent> created, String name) {
    var event = (UserCreated) created.event();
    return new Recorded<>(new EventId(DerivedId.of(created.id().toString(), name)), created.at(),
        new WelcomeEmailSent(event.userId(), event.email()));
  }

  static Recorded<UserCreated> late(Recorded<UserCreated> created) {
    return new Recorded<>(created.id(), created.at().plusSeconds(99), created.event());
  }

  static Change<Welcome> someChange(int number) {
    return Change.creation(Welcome.key(userId(1000 + number)),
        new Welcome(userId(1000 + number), ((UserCreated) userCreated(number).event()).email(), Samples.AT));
  }

  static TraceParent trace(int number) {
    return new TraceParent("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba9%04x".formatted(number), number % 2 == 0);
  }

  static RequestId request(int number) {
    return new RequestId(new UUID(0x7000, number));
  }

  static Optional<Versioned<Welcome>> welcome(Harness.Node node, int number) {
    return node.messaging().unitOfWork().load(Welcome.key(userId(number)));
  }

  List<LogEntry> entries(Harness.Node node) {
    return entries(node, UserEvent.TOPIC);
  }

  /** Of all partitions, by their ids. */
  List<LogEntry> entries(Harness.Node node, Topic<?> topic) {
    return partitions().flatMap(partition -> entries(node, topic, partition))
        .sorted(Comparator.comparing(LogEntry::id))
        .toList();
  }

  private static Stream<LogEntry> entries(Harness.Node node, Topic<?> topic, int partition) {
    EventLog log = node.messaging().log();
    return Stream.iterate(log.read(topic, partition, EntryId.START, 200), page -> !page.isEmpty(),
        page -> log.read(topic, partition, page.getLast().id(), 200)).flatMap(List::stream);
  }

  Stream<Integer> partitions() {
    return IntStream.range(0, harness.partitioning().count()).boxed();
  }

  /** Where a user's events and states are. */
  int partitionOf(int number) {
    return harness.partitioning().of(userId(number).value());
  }

  /** Users who lie together with the first one, himself the first of them. */
  List<Integer> neighbours(int users) {
    return IntStream.iterate(0, i -> i + 1).filter(i -> partitionOf(i) == partitionOf(0)).limit(users).boxed().toList();
  }

  /** As {@link #publish(int, int)}, all into one partition. */
  List<Recorded<UserEvent>> publishNeighbours(int first, int number) {
    List<Recorded<UserEvent>> events = neighbours(first + number).stream()
        .skip(first)
        .map(Samples::userCreated)
        .toList();
    publish(events);
    return events;
  }

  /** A change that can go with the events of another user, each number another one. */
  Change<Welcome> changeBeside(int user, int number) {
    return IntStream.iterate(1000, i -> i + 1)
        .filter(other -> partitionOf(other) == partitionOf(user))
        .skip(number)
        .mapToObj(other -> someChange(other - 1000))
        .findFirst()
        .orElseThrow();
  }

  static int number(Delivery<UserCreated> delivery) {
    return Samples.number(delivery.event().userId());
  }

  /** The dead letters of the first group. */
  List<DeadLetter> letters(Harness.Node node) {
    return partitions().flatMap(
        partition -> node.messaging()
            .deadLetters()
            .list(UserEvent.TOPIC, partition, GROUP, EntryId.START, 200)
            .stream())
        .sorted(Comparator.comparing(DeadLetter::id))
        .toList();
  }

  List<LogEntry> emitted(Harness.Node node) {
    return entries(node).stream().filter(entry -> WelcomeEmailSent.TYPE.equals(entry.fields().get("type"))).toList();
  }

  /** What an entry tells whoever knows nothing but JSON. */
  static JsonNode event(Map<String, String> fields) {
    return json(fields.getOrDefault("event", ""));
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON: " + text, e);
    }
  }

  static List<String> ids(Page<Order> page) {
    return page.items().stream().map(order -> order.purchase().id().value()).toList();
  }

  static Outcome hang() throws InterruptedException {
    new CountDownLatch(1).await();
    return Outcome.SETTLED;
  }

  static void awaitStubbornly(CountDownLatch latch) {
    boolean opened = false;
    while (!opened) {
      try {
        latch.await();
        opened = true;
      } catch (InterruptedException _) {
        // As a handler does that ignores its interruption.
      }
    }
  }
}
