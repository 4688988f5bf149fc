package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.read.ListAppender;
import dev.tributary.application.DeliveryMonitor;
import dev.tributary.application.DeliverySettings;
import dev.tributary.application.RequestId;
import dev.tributary.application.Retention;
import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.Delivery;
import dev.tributary.domain.messaging.EventHandler;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Subscription;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Work;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.domain.user.UserId;
import dev.tributary.domain.user.Welcome;
import dev.tributary.redisserver.RedisServer;
import dev.tributary.redisserver.RedisServerSettings;
import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** One subscription while things break around it. */
class GroupConsumerTest {

  static final Duration SOON = Duration.ofSeconds(15);
  private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);
  static final Duration LEASE = Duration.ofMillis(400);
  private static final Duration GRACE = Duration.ofMillis(300);
  private static final int CONCURRENCY = 8;
  static final DeliverySettings DELIVERIES = new DeliverySettings(LEASE, 3, Duration.ofMillis(10),
      Duration.ofMillis(40), CONCURRENCY,
      GRACE, Duration.ofMinutes(5));
  static final String STREAM = UserEvent.TOPIC.name();
  static final Group GROUP = new Group("consumer-group");
  private static final SubscriptionSpec<UserCreated> CREATED = new SubscriptionSpec<>(UserEvent.TOPIC, GROUP,
      UserCreated.class);
  private static final Instant AT = Instant.ofEpochMilli(1_700_000_000_000L);

  private final List<RedisMessaging> opened = new ArrayList<>();
  final Set<String> handled = ConcurrentHashMap.newKeySet();
  final EventHandler<UserCreated> settling = delivery -> {
    handled.add(delivery.event().userId().value());
    return Outcome.SETTLED;
  };
  Raw raw;
  RedisCommands<String, String> redis;

  SubscriptionSpec<UserCreated> created() {
    return CREATED;
  }

  @BeforeEach
  void open() {
    raw = new Raw(TestRedis.shared().url());
    redis = raw.redis();
    redis.flushall();
  }

  @AfterEach
  void close() {
    opened.forEach(RedisMessaging::close);
    raw.close();
  }

  // The group.

  @Test
  void many_processes_may_make_the_group_at_once() {
    List<RedisMessaging> all = IntStream.range(0, 8).mapToObj(_ -> messaging(settings())).toList();
    all.parallelStream().forEach(messaging -> messaging.subscriber().subscribe(created(), settling));
    add(0, 50);
    awaitHandled(0, 50);
    assertThat(all).allSatisfy(messaging -> await().atMost(SOON)
        .untilAsserted(() -> assertThat(messaging.health().problems()).isEmpty()));
    assertThat(redis.xinfoGroups(STREAM)).hasSize(1);
  }

  /** What breaks while a subscription waits for entries. */
  static Stream<Arguments> breaks() {
    return Stream.of(
        Arguments.of("its group was destroyed", (Break) test -> test.redis.xgroupDestroy(STREAM, GROUP.name())),
        Arguments.of("its stream was deleted", (Break) test -> test.redis.del(STREAM)),
        Arguments.of("everything was deleted", (Break) test -> test.redis.flushall()),
        Arguments.of("its connections were cut", (Break) test -> test.raw.cutOthers()),
        Arguments.of("its connections were cut again and again", (Break) test -> {
          for (int i = 0; i < 20; i++) {
            test.raw.cutOthers();
          }
        }), Arguments.of("its stream became something else for a while", (Break) test -> {
          test.redis.set(STREAM, "no stream");
          await().atMost(SOON).until(() -> !test.opened.getFirst().health().problems().isEmpty());
          test.redis.del(STREAM);
        }));
  }

  interface Break {
    void happen(GroupConsumerTest test);
  }

  /** How a server refuses, and how it comes round again. */
  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of("a replica is read-only", (Break) test -> test.redis.replicaof("127.0.0.1", 1),
            (Break) test -> test.redis.replicaofNoOne()),
        Arguments.of("too few replicas", (Break) test -> test.redis.configSet("min-replicas-to-write", "1"),
            (Break) test -> test.redis.configSet("min-replicas-to-write", "0")),
        Arguments.of("a script that does not end", (Break) GroupConsumerTest::hog,
            (Break) GroupConsumerTest::stopHogging),
        Arguments.of("no right to read", (Break) test -> test.withdraw("-xreadgroup"),
            (Break) GroupConsumerTest::giveBack),
        Arguments.of("no right to run scripts", (Break) test -> test.withdraw("-@scripting"),
            (Break) GroupConsumerTest::giveBack),
        Arguments.of("it hangs", (Break) test -> test.raw.pauseWrites(), (Break) test -> test.raw.goOn()));
  }

  /** D12, and D6: a store that refuses uses up no attempt. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void all_goes_on_within_five_seconds_after_the_server_comes_round(String what, Break refusing, Break comingRound) {
    RedisMessaging messaging = messaging(settings());
    messaging.subscriber().subscribe(created(), settling);
    add(0, 5);
    awaitHandled(0, 5);
    refusing.happen(this);
    try {
      await().atMost(SOON.multipliedBy(2)).until(() -> !messaging.health().problems().isEmpty());
    } finally {
      comingRound.happen(this);
    }
    add(5, 5);
    awaitHandled(5, 5, FIVE_SECONDS);
    await().atMost(FIVE_SECONDS).untilAsserted(() -> assertThat(messaging.health().problems()).as(what).isEmpty());
    await().atMost(FIVE_SECONDS).until(() -> unsettled() == 0);
    assertThat(redis.keys("*:dead:*")).isEmpty();
  }

  private void hog() {
    redis.configSet("busy-reply-threshold", "50");
    var _ = raw.later().eval("while true do end", ScriptOutputType.STATUS);
  }

  /** And sets it back to what the next test expects. */
  private void stopHogging() {
    try (var other = new Raw(TestRedis.shared().url())) {
      await().atMost(SOON).ignoreExceptions().until(() -> other.redis().scriptKill().equals("OK"));
      await().atMost(SOON)
          .ignoreExceptions()
          .until(() -> other.redis().configSet("busy-reply-threshold", "5000").equals("OK"));
    }
  }

  /** Of the user that everybody is. */
  void withdraw(String right) {
    raw.setUser(ShippedUsers.NAME,
        Stream.concat(ShippedUsers.rights(ShippedUsers.NAME).stream(), Stream.of(right)).toList());
  }

  void giveBack() {
    raw.setUser(ShippedUsers.NAME, ShippedUsers.rights(ShippedUsers.NAME));
  }

  @Test
  void a_server_that_cannot_write_to_its_disk_uses_up_no_attempt(@TempDir Path data) throws Exception {
    try (RedisServer server = RedisServer.start(
        RedisServerSettings.in(data)
            .withOptions("--save", "3600 1", "--stop-writes-on-bgsave-error", "yes", "--appendonly", "no"));
        var other = new Raw(server.url())) {
      messaging(settings(server.url())).subscriber().subscribe(created(), settling);
      add(other.redis(), 0, 5);
      awaitHandled(0, 5);
      Path inTheWay = Files.createDirectories(data.resolve("dump.rdb"));
      other.redis().bgsave();
      await().atMost(SOON).until(() -> other.redis().info("persistence").contains("rdb_last_bgsave_status:err"));
      await().atMost(SOON).until(() -> !opened.getLast().health().problems().isEmpty());
      Files.delete(inTheWay);
      other.redis().bgsave();
      await().atMost(SOON).ignoreExceptions().until(() -> {
        add(other.redis(), 5, 5);
        return true;
      });
      awaitHandled(5, 5);
      assertThat(other.redis().keys("*:dead:*")).isEmpty();
    }
  }

  @Test
  void a_flood_of_failures_floods_no_log() {
    var logged = new ListAppender<ILoggingEvent>();
    var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    logged.start();
    messaging(settings()).subscriber().subscribe(created(), delivery -> {
      throw new IllegalStateException("poison " + delivery.id());
    });
    root.addAppender(logged);
    try {
      add(0, 500);
      await().atMost(SOON.multipliedBy(4)).until(() -> redis.xlen(Keys.of(UserEvent.TOPIC).dead(GROUP)) == 500);
    } finally {
      root.detachAppender(logged);
    }
    Map<Long, Long> bySecond = List.copyOf(logged.list)
        .stream()
        .filter(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
        .collect(Collectors.groupingBy(event -> event.getTimeStamp() / 1000, Collectors.counting()));
    // The limit's seconds and the log's do not begin together.
    assertThat(bySecond.values())
        .allSatisfy(lines -> assertThat(lines).isLessThanOrEqualTo(10));
  }

  // Errors, which no loop may die of.

  @Test
  void a_delivery_that_an_error_left_unsettled_comes_again() {
    // Once is a failure of the attempt, twice is one of us.
    var errors = new AtomicInteger();
    messaging((what, _, _, _) -> {
      if (what == DeliveryMonitor.Happening.FAILED && errors.incrementAndGet() <= 2) {
        throw new InternalError("for a test");
      }
    }).subscriber().subscribe(created(), delivery -> {
      if (errors.get() < 2) {
        return new Outcome.Retry(Optional.empty(), "not yet");
      }
      return settling.handle(delivery);
    });
    add(0, 1);
    awaitHandled(0, 1);
  }

  @Test
  void a_reader_outlives_an_error_while_it_tells_of_one() {
    messaging(settings()).subscriber().subscribe(created(), settling);
    add(0, 1);
    awaitHandled(0, 1);
    try (var failing = new FailingOnce(Journal.class, "cannot read")) {
      raw.cutOthers();
      await().atMost(SOON).until(failing::hasFailed);
      add(1, 5);
      awaitHandled(1, 5);
    }
  }

  @Test
  void leases_are_renewed_after_an_error_in_the_upkeep() {
    var starts = new AtomicInteger();
    var release = new CountDownLatch(1);
    // Longer than others': a process that was kept from its work would rightly lose what it has.
    var lease = Duration.ofSeconds(2);
    messaging(with(DELIVERIES.withLease(lease))).subscriber().subscribe(created(), delivery -> {
      starts.incrementAndGet();
      release.await();
      return settling.handle(delivery);
    });
    await().atMost(SOON).until(() -> redis.exists(STREAM) == 1);
    try (var failing = new FailingOnce(Journal.class, "is gone")) {
      redis.zadd(Keys.of(UserEvent.TOPIC).consumers(GROUP), 1, "somebody who is gone");
      await().atMost(SOON).until(failing::hasFailed);
    }
    add(0, CONCURRENCY);
    await().atMost(SOON).until(() -> starts.get() == CONCURRENCY);
    messaging(with(DELIVERIES.withLease(lease))).subscriber().subscribe(created(), settling);
    await().atMost(SOON).until(() -> redis.zcard(Keys.of(UserEvent.TOPIC).consumers(GROUP)) == 2);
    await().during(lease.multipliedBy(2)).atMost(SOON).until(handled::isEmpty);
    release.countDown();
    awaitHandled(0, CONCURRENCY);
  }

  @Test
  void with_one_hand_they_go_one_after_the_other_though_works_are_in_vain() {
    var atOnce = new AtomicInteger();
    var most = new AtomicInteger();
    Set<String> conflicted = ConcurrentHashMap.newKeySet();
    RedisMessaging messaging = messaging(with(DELIVERIES.withConcurrency(1)));
    add(0, 100);
    messaging.subscriber().subscribe(created(), delivery -> {
      most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
      try {
        return conflict(messaging, delivery, conflicted.add(delivery.event().userId().value()));
      } finally {
        atOnce.decrementAndGet();
      }
    });
    await().atMost(Duration.ofSeconds(20)).until(() -> unsettled() == 0);
    assertThat(most).hasValue(1);
    assertThat(conflicted).hasSize(100);
  }

  /** Also of what was on its way just then. */
  @Test
  void who_ends_amid_a_backlog_leaves_nothing_behind_that_others_have_to_wait_for() {
    int count = 3_000;
    add(0, count);
    RedisMessaging first = messaging(with(DELIVERIES.withLease(Duration.ofMinutes(5))));
    first.subscriber().subscribe(created(), settling);
    await().atMost(SOON).until(() -> handled.size() > 100);
    first.close();
    assertThat(handled).hasSizeLessThan(count);
    messaging(with(DELIVERIES.withLease(Duration.ofMinutes(5)))).subscriber().subscribe(created(), settling);
    awaitHandled(0, count);
  }

  static RedisSettings with(DeliverySettings deliveries) {
    return new RedisSettings(settings().url(), deliveries, Retention.DEFAULT);
  }

  /** A log that breaks down once, at a line that says something. */
  static final class FailingOnce extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final Logger logger;
    private final String words;
    private final AtomicBoolean failed = new AtomicBoolean();

    FailingOnce(Class<?> logging, String words) {
      this.logger = (Logger) LoggerFactory.getLogger(logging);
      this.words = words;
      start();
      logger.addAppender(this);
    }

    boolean hasFailed() {
      return failed.get();
    }

    @Override
    protected void append(ILoggingEvent event) {
      if (event.getFormattedMessage().contains(words) && failed.compareAndSet(false, true)) {
        throw new InternalError("for a test");
      }
    }

    @Override
    public void close() {
      logger.detachAppender(this);
    }
  }

  // What Redis handed out and nobody got, or got twice.

  @Test
  @SuppressWarnings("unchecked")
  void what_was_handed_to_us_in_a_reply_that_was_lost_is_handled_long_before_its_lease_ends() {
    DeliverySettings patient = DELIVERIES.withLease(Duration.ofMinutes(5));
    messaging(new RedisSettings(settings().url(), patient, Retention.DEFAULT)).subscriber()
        .subscribe(created(), settling);
    await().atMost(SOON).until(() -> redis.exists(STREAM) == 1);
    add(0, 1);
    awaitHandled(0, 1);
    String ours = String.valueOf(((List<?>) redis.xinfoConsumers(STREAM, GROUP.name()).getFirst()).get(1));
    // As if the reader had read them, and its connection had been cut before the reply came.
    redis.multi();
    add(1, 3);
    var _ = redis.xreadgroup(Consumer.from(GROUP.name(), ours), XReadArgs.StreamOffset.lastConsumed(STREAM));
    redis.exec();
    assertThat(handled).containsExactly("0");
    raw.cutOthers();
    awaitHandled(1, 3);
  }

  @Test
  void a_group_that_is_set_back_starts_nothing_twice_at_the_same_time() {
    var release = new CountDownLatch(1);
    var starts = new AtomicInteger();
    Set<String> running = ConcurrentHashMap.newKeySet();
    Set<String> twice = ConcurrentHashMap.newKeySet();
    messaging(settings()).subscriber().subscribe(created(), delivery -> {
      String id = delivery.event().userId().value();
      if (!running.add(id)) {
        twice.add(id);
      }
      starts.incrementAndGet();
      try {
        release.await();
      } finally {
        running.remove(id);
      }
      return settling.handle(delivery);
    });
    add(0, 3);
    await().atMost(SOON).until(() -> starts.get() == 3);
    redis.xgroupSetid(XReadArgs.StreamOffset.from(STREAM, "0"), GROUP.name());
    await().atMost(SOON).until(() -> unsettled() == 3);
    release.countDown();
    await().atMost(SOON).until(() -> unsettled() == 0);
    assertThat(twice).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("breaks")
  void a_reader_goes_on_by_itself_after(String what, Break happening) {
    RedisMessaging messaging = messaging(settings());
    messaging.subscriber().subscribe(created(), settling);
    add(0, 5);
    awaitHandled(0, 5);
    happening.happen(this);
    add(5, 5);
    awaitHandled(5, 5);
    await().atMost(SOON).untilAsserted(() -> assertThat(messaging.health().problems()).as(what).isEmpty());
    await().atMost(SOON).until(() -> redis.xpending(STREAM, GROUP.name()).getCount() == 0);
  }

  @Test
  void a_subscription_that_was_opened_while_redis_is_away_works_when_it_comes(@TempDir Path directory)
      throws Exception {
    int port = freePort();
    String url = "redis://127.0.0.1:" + port;
    RedisMessaging messaging = messaging(settings(url));
    messaging.subscriber().subscribe(created(), settling);
    await().atMost(SOON).untilAsserted(() -> assertThat(messaging.health().problems()).hasSize(2));
    try (RedisServer _ = RedisServer.start(RedisServerSettings.in(directory).onPort(port)); var other = new Raw(url)) {
      add(other.redis(), 0, 3);
      awaitHandled(0, 3);
      await().atMost(SOON).untilAsserted(() -> assertThat(messaging.health().problems()).isEmpty());
      messaging.close();
    }
  }

  @Test
  void a_subscription_that_was_closed_is_no_longer_a_problem(@TempDir Path directory) throws Exception {
    int port = freePort();
    RedisMessaging messaging = messaging(settings("redis://127.0.0.1:" + port));
    Subscription subscription = messaging.subscriber().subscribe(created(), settling);
    await().atMost(SOON).untilAsserted(() -> assertThat(messaging.health().problems()).hasSize(2));
    subscription.close();
    try (RedisServer _ = RedisServer.start(RedisServerSettings.in(directory).onPort(port))) {
      await().atMost(SOON).untilAsserted(() -> assertThat(messaging.health().problems()).isEmpty());
      messaging.close();
    }
  }

  @Test
  void a_server_that_hangs_is_told_of_within_two_seconds(@TempDir Path directory) throws Exception {
    try (RedisServer server = RedisServer.start(RedisServerSettings.in(directory))) {
      RedisMessaging messaging = messaging(settings(server.url()));
      await().atMost(SOON).untilAsserted(() -> assertThat(messaging.health().problems()).isEmpty());
      server.hang();
      try {
        long started = System.nanoTime();
        // By its own clock; this machine's may be busy with other things.
        assertThat(messaging.health().problems()).containsExactly("Redis does not answer within 1500 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(FIVE_SECONDS);
      } finally {
        server.goOn();
      }
      messaging.close();
    }
  }

  // Deliveries.

  @Test
  void after_failures_conflicts_and_poison_it_still_takes_as_many_at_once_as_it_may() {
    RedisMessaging messaging = messaging(settings());
    var conflicted = ConcurrentHashMap.<String>newKeySet();
    var release = new CountDownLatch(1);
    var held = new AtomicInteger();
    messaging.subscriber().subscribe(created(), delivery -> {
      int number = Integer.parseInt(delivery.event().userId().value());
      if (number >= 1000) {
        held.incrementAndGet();
        release.await();
        return Outcome.SETTLED;
      }
      return switch (number % 6) {
        case 0 -> throw new IllegalStateException("broken");
        case 1 -> new Outcome.Rejected("poison");
        case 2 -> delivery.attempt() < 3 ? new Outcome.Retry(Optional.empty(), "later") : Outcome.SETTLED;
        case 3 -> conflict(messaging, delivery, conflicted.add(delivery.event().userId().value()));
        case 4 -> throw new StackOverflowError();
        default -> Outcome.SETTLED;
      };
    });
    for (int i = 0; i < 200; i++) {
      add(i, 1);
      redis.xadd(STREAM, "no", "event");
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> unsettled() == 0);
    assertThat(redis.xlen(Keys.of(UserEvent.TOPIC).dead(GROUP))).isEqualTo(200 + 34 + 34 + 33);
    add(1000, 20);
    await().atMost(SOON).untilAsserted(() -> assertThat(held).hasValue(CONCURRENCY));
    release.countDown();
    await().atMost(SOON).until(() -> unsettled() == 0);
    assertThat(redis.exists(Keys.of(UserEvent.TOPIC).due(GROUP), Keys.of(UserEvent.TOPIC).retry(GROUP))).isZero();
  }

  /** The first time against a version that another has made meanwhile. */
  private static Outcome conflict(RedisMessaging messaging, Delivery<UserCreated> delivery, boolean first) {
    UserId user = delivery.event().userId();
    Change<Welcome> change = Change.creation(Welcome.key(user), new Welcome(user, delivery.event().email(), AT));
    if (first) {
      messaging.unitOfWork().commit(new RequestId(UUID.randomUUID()), new Work(List.of(change), List.of()));
      return new Outcome.Settled(new Work(List.of(change), List.of()));
    }
    return Outcome.SETTLED;
  }

  @Test
  void a_handler_whose_work_always_conflicts_ends_as_a_dead_letter() {
    RedisMessaging messaging = messaging(settings());
    var runs = new AtomicInteger();
    messaging.subscriber().subscribe(created(), delivery -> {
      runs.incrementAndGet();
      UserId user = delivery.event().userId();
      return new Outcome.Settled(new Work(
          List.of(new Change<>(Welcome.key(user), 7, new Welcome(user, delivery.event().email(), AT))), List.of()));
    });
    add(0, 1);
    await().atMost(Duration.ofSeconds(10)).until(() -> redis.xlen(Keys.of(UserEvent.TOPIC).dead(GROUP)) == 1);
    assertThat(runs).hasValueLessThan(1000);
    assertThat(redis.xrange(Keys.of(UserEvent.TOPIC).dead(GROUP), Range.unbounded()).getFirst().getBody())
        .containsEntry("attempts", "3");
  }

  /** As clients of other services do that are interrupted by their own timeouts. */
  @Test
  void a_handler_that_is_interrupted_by_nobody_of_ours_has_failed() {
    RedisMessaging messaging = messaging(settings());
    messaging.subscriber().subscribe(created(), delivery -> {
      if (delivery.attempt() == 1) {
        throw new InterruptedException("I did it myself");
      }
      return settling.handle(delivery);
    });
    add(0, 1);
    awaitHandled(0, 1);
  }

  @Test
  void a_handler_that_leaves_its_thread_interrupted_is_settled_all_the_same() {
    RedisMessaging messaging = messaging(settings());
    messaging.subscriber().subscribe(created(), delivery -> {
      Thread.currentThread().interrupt();
      return settling.handle(delivery);
    });
    add(0, 1);
    awaitHandled(0, 1);
    await().atMost(SOON).until(() -> unsettled() == 0);
  }

  @Test
  void a_state_that_is_broken_is_a_dead_letter_and_holds_nobody_up() {
    RedisMessaging messaging = messaging(settings());
    redis.set(Keys.of(UserEvent.TOPIC).state(Welcome.key(new UserId("0"))), "no hash");
    messaging.subscriber().subscribe(created(), delivery -> {
      var _ = messaging.unitOfWork().load(Welcome.key(delivery.event().userId()));
      return settling.handle(delivery);
    });
    add(0, 5);
    awaitHandled(1, 4);
    await().atMost(SOON).until(() -> redis.xlen(Keys.of(UserEvent.TOPIC).dead(GROUP)) == 1);
  }

  /** D11: Redis drops it from the pending list sooner or later; the point is that nobody does so in silence. */
  @Test
  void what_is_deleted_while_its_handler_runs_is_reported_as_lost_and_stops_nothing() {
    var logger = (Logger) LoggerFactory.getLogger(Journal.class);
    var logged = new ListAppender<ILoggingEvent>();
    logged.start();
    logger.addAppender(logged);
    try {
      var running = new CountDownLatch(1);
      messaging(settings()).subscriber().subscribe(created(), delivery -> {
        if (delivery.event().userId().equals(new UserId("0"))) {
          running.countDown();
          new CountDownLatch(1).await();
        }
        return settling.handle(delivery);
      });
      add(0, 1);
      await().atMost(SOON).until(() -> running.getCount() == 0);
      String id = redis.xrange(STREAM, Range.unbounded()).getFirst().getId();
      redis.xdel(STREAM, id);
      await().atMost(SOON)
          .untilAsserted(() -> assertThat(List.copyOf(logged.list)).extracting(ILoggingEvent::getFormattedMessage)
              .anyMatch(line -> line.contains(id) && line.contains("lost")));
      add(1, 20);
      awaitHandled(1, 20);
      await().atMost(SOON).until(() -> unsettled() == 0);
    } finally {
      logger.detachAppender(logged);
    }
  }

  @Test
  void a_flood_of_retries_that_are_due_holds_up_nothing_new() {
    DeliverySettings stubborn = DELIVERIES.withRetries(1_000_000, Duration.ofMillis(1), Duration.ofMillis(1));
    messaging(new RedisSettings(TestRedis.shared().productUrl(), stubborn, Retention.DEFAULT)).subscriber()
        .subscribe(created(), delivery -> {
          boolean fails = Integer.parseInt(delivery.event().userId().value()) < 200;
          return fails ? new Outcome.Retry(Optional.empty(), "again") : settling.handle(delivery);
        });
    add(0, 200);
    // There may be no group yet.
    await().atMost(SOON)
        .ignoreExceptionsInstanceOf(RedisCommandExecutionException.class)
        .until(() -> redis.xpending(STREAM, GROUP.name()).getCount() == 200);
    add(200, 50);
    awaitHandled(200, 50);
  }

  // The end.

  @Test
  void close_gives_back_what_hangs_after_the_grace_and_a_second() {
    RedisMessaging messaging = messaging(settings());
    var entered = new AtomicInteger();
    var never = new CountDownLatch(1);
    Subscription subscription = messaging.subscriber().subscribe(created(), _ -> {
      entered.incrementAndGet();
      awaitStubbornly(never);
      return Outcome.SETTLED;
    });
    add(0, 3);
    await().atMost(SOON).until(() -> entered.get() == 3);
    long started = System.nanoTime();
    subscription.close();
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isBetween(GRACE, GRACE.plus(FIVE_SECONDS));
    assertThat(redis.xpending(STREAM, GROUP.name(), Range.unbounded(), Limit.from(10))).hasSize(3)
        .allSatisfy(entry -> assertThat(entry.getMsSinceLastDelivery()).isGreaterThanOrEqualTo(LEASE.toMillis()));
    messaging(settings()).subscriber().subscribe(created(), settling);
    awaitHandled(0, 3);
    never.countDown();
  }

  @Test
  void close_waits_for_handlers_that_end_in_time_and_settles_what_they_did() {
    RedisMessaging messaging = messaging(
        new RedisSettings(settings().url(), DELIVERIES.withGrace(SOON), Retention.DEFAULT));
    var entered = new CountDownLatch(3);
    var release = new CountDownLatch(1);
    Subscription subscription = messaging.subscriber().subscribe(created(), delivery -> {
      entered.countDown();
      release.await();
      return settling.handle(delivery);
    });
    add(0, 3);
    await().atMost(SOON).until(() -> entered.getCount() == 0);
    Thread closing = Thread.startVirtualThread(subscription::close);
    release.countDown();
    await().atMost(SOON).until(() -> !closing.isAlive());
    assertThat(handled).hasSize(3);
    assertThat(unsettled()).isZero();
  }

  @Test
  void an_orderly_end_leaves_no_consumer_in_the_group() {
    RedisMessaging messaging = messaging(settings());
    Subscription first = messaging.subscriber().subscribe(created(), settling);
    messaging.subscriber().subscribe(created(), settling);
    add(0, 50);
    awaitHandled(0, 50);
    await().atMost(SOON).until(() -> redis.xinfoConsumers(STREAM, GROUP.name()).size() == 2);
    first.close();
    assertThat(redis.xinfoConsumers(STREAM, GROUP.name())).hasSize(1);
    messaging.close();
    assertThat(redis.xinfoConsumers(STREAM, GROUP.name())).isEmpty();
    assertThat(redis.xinfoGroups(STREAM)).hasSize(1);
  }

  @Test
  void closing_twice_at_once_and_again_does_nothing_more() {
    RedisMessaging messaging = messaging(settings());
    Subscription subscription = messaging.subscriber().subscribe(created(), settling);
    await().atMost(SOON).until(() -> redis.exists(STREAM) == 1);
    IntStream.range(0, 8).parallel().forEach(_ -> subscription.close());
    subscription.close();
    messaging.close();
    messaging.close();
    assertThat(redis.xinfoConsumers(STREAM, GROUP.name())).isEmpty();
  }

  private RedisMessaging messaging(DeliveryMonitor monitor) {
    RedisMessaging messaging = RedisMessaging.open(settings(), monitor);
    opened.add(messaging);
    return messaging;
  }

  RedisMessaging messaging(RedisSettings settings) {
    RedisMessaging messaging = RedisMessaging.open(settings);
    opened.add(messaging);
    return messaging;
  }

  static RedisSettings settings() {
    return settings(TestRedis.shared().productUrl());
  }

  private static RedisSettings settings(String url) {
    return new RedisSettings(url, DELIVERIES, Retention.DEFAULT);
  }

  void add(int first, int count) {
    add(redis, first, count);
  }

  private static void add(RedisCommands<String, String> redis, int first, int count) {
    for (int i = first; i < first + count; i++) {
      redis.xadd(STREAM, "type", "user_created", "userId", Integer.toString(i), "email", i + "@example.com");
    }
  }

  void awaitHandled(int first, int count) {
    awaitHandled(first, count, SOON);
  }

  private void awaitHandled(int first, int count, Duration within) {
    Set<String> expected = new HashSet<>();
    IntStream.range(first, first + count).forEach(i -> expected.add(Integer.toString(i)));
    await().atMost(within).untilAsserted(() -> assertThat(handled).containsAll(expected));
  }

  /** Pending, or not yet delivered; {@link Long#MAX_VALUE} while there is no group. */
  long unsettled() {
    try {
      List<?> info = (List<?>) redis.xinfoGroups(STREAM).getFirst();
      String last = String.valueOf(info.get(info.indexOf("last-delivered-id") + 1));
      return redis.xpending(STREAM, GROUP.name()).getCount()
          + redis.xrange(STREAM, Range.from(Range.Boundary.excluding(last), Range.Boundary.unbounded())).size();
    } catch (NoSuchElementException | RedisCommandExecutionException _) {
      return Long.MAX_VALUE;
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void awaitStubbornly(CountDownLatch latch) {
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
