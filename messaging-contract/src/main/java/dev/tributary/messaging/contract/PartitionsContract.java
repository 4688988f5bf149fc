package dev.tributary.messaging.contract;

import static dev.tributary.messaging.contract.Samples.userCreated;
import static dev.tributary.messaging.contract.Samples.userId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.application.CreateProfile;
import dev.tributary.application.DerivedId;
import dev.tributary.application.Groups;
import dev.tributary.application.IdempotencyKey;
import dev.tributary.application.Receipt;
import dev.tributary.application.RegisterUser;
import dev.tributary.application.RegisterUser.Result;
import dev.tributary.application.Versioned;
import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.messaging.Ordering;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Work;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.EmailClaim;
import dev.tributary.domain.user.User;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.domain.user.UserId;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What several partitions add: everything of one key is together, and an address has one user wherever that lies. */
@ParameterizedClass(name = "{0} partitions")
@ValueSource(ints = {8, 64})
public abstract class PartitionsContract extends ContractFixture {

  private static final EmailAddress EMAIL = new EmailAddress("Ada@example.com");

  @Test
  public void an_event_stands_in_the_partition_of_its_key() {
    Harness.Node node = start();
    publish(0, 16 * partitionCount);
    assertThat(partitions()).allSatisfy(partition -> assertThat(
        node.messaging().log().read(UserEvent.TOPIC, partition, EntryId.START, 200)).isNotEmpty()
        .allSatisfy(entry -> assertThat(harness.partitioning().of(entry.fields().getOrDefault("key", "")))
            .isEqualTo(partition)));
  }

  @Test
  public void a_partition_that_there_is_none_of_is_refused() {
    Harness.Node node = start();
    int none = harness.partitioning().count();
    assertThatThrownBy(() -> node.messaging().log().read(UserEvent.TOPIC, none, EntryId.START, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  public void a_work_that_reaches_beyond_a_partition_is_refused() {
    Harness.Node node = start();
    int apart = IntStream.range(1, 1000).filter(i -> partitionOf(i) != partitionOf(0)).findFirst().orElseThrow();
    Work first = welcomed(userCreated(0), 0);
    Work second = welcomed(userCreated(apart), 0);
    assertThatThrownBy(
        () -> node.messaging().unitOfWork().commit(request(1), new Work(first.changes(), second.events())))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(welcome(node, 0)).isEmpty();
    assertThat(entries(node)).isEmpty();
  }

  @Test
  public void of_many_registrations_of_one_address_one_makes_the_user() throws Exception {
    List<Result> results = registerAtOnce(200, _ -> Optional.empty());
    assertThat(results).filteredOn(Result.Registered.class::isInstance).hasSize(1);
    assertThat(results).filteredOn(Result.EmailTaken.class::isInstance).hasSize(199);
    assertThat(entries(start())).hasSize(1);
  }

  @Test
  public void of_many_registrations_under_one_key_one_makes_the_user_and_all_get_it() throws Exception {
    List<Result> results = registerAtOnce(200, _ -> Optional.of(new IdempotencyKey("key")));
    assertThat(results).filteredOn(Result.Registered.class::isInstance).hasSize(1);
    assertThat(results).filteredOn(Result.Replayed.class::isInstance).hasSize(199);
    assertThat(entries(start())).hasSize(1);
  }

  @Test
  public void of_many_registrations_of_one_address_under_many_keys_one_makes_the_user() throws Exception {
    List<Result> results = registerAtOnce(50, i -> Optional.of(new IdempotencyKey("key-" + i)));
    assertThat(results).filteredOn(Result.Registered.class::isInstance).hasSize(1);
    assertThat(results).filteredOn(Result.EmailTaken.class::isInstance).hasSize(49);
  }

  /** As a failover loses it, where the address lies in another partition. */
  @Test
  public void a_receipt_that_was_lost_alone_is_made_again_for_the_same_registration() {
    Harness.Node node = start();
    Optional<IdempotencyKey> key = Optional.of(new IdempotencyKey("key"));
    Result first = register(node, key, EMAIL);
    harness.expire(Receipt.OF_USERS.key(DerivedId.of("user", "key").toString()));
    assertThat(register(node, Optional.of(new IdempotencyKey("other")), EMAIL)).isInstanceOf(Result.EmailTaken.class);
    assertThat(register(node, key, EMAIL)).isEqualTo(new Result.Replayed(((Result.Registered) first).user()));
    assertThat(register(node, key, new EmailAddress("eve@example.com"))).isInstanceOf(Result.KeyReused.class);
    assertThat(entries(node, UserEvent.TOPIC)).hasSize(1);
  }

  /** One process at a time reads a partition of a group whose order is per key: several processes share them. */
  @Test
  public void the_partitions_of_a_group_with_order_are_shared_and_go_to_whoever_is_left() {
    // Longer than others': a process that was kept from its work would rightly lose its partitions.
    Harness.NodeSettings settings = Harness.NodeSettings.DEFAULT.withLease(harness.lease().multipliedBy(10));
    Harness.Node leaving = start(settings);
    Harness.Node staying = start(settings);
    SubscriptionSpec<UserCreated> perKey = CREATED.ordered(Ordering.PER_KEY);
    Recorder<UserCreated> one = subscribe(leaving, perKey, Recorder.settling());
    Recorder<UserCreated> two = subscribe(staying, perKey, Recorder.settling());
    var next = new AtomicInteger();
    eventually(() -> {
      publish(next.getAndAdd(10), 10);
      assertThat(List.of(one.count(), two.count())).as("handled by each").allMatch(count -> count > 0);
    });
    untilSettled();
    leaving.close();
    publish(100_000, 50);
    untilSettled();
    assertThat(two.seen()).filteredOn(delivery -> number(delivery) >= 100_000).hasSize(50);
    assertThat(one.count() + two.count()).isEqualTo(next.get() + 50);
  }

  private interface Keys {
    Optional<IdempotencyKey> of(int number);
  }

  private List<Result> registerAtOnce(int times, Keys keys) throws Exception {
    List<Harness.Node> nodes = List.of(start(), start(), start());
    var results = new ArrayList<Result>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var tasks = new ArrayList<Callable<Result>>();
      for (int i = 0; i < times; i++) {
        Harness.Node node = nodes.get(i % nodes.size());
        Optional<IdempotencyKey> key = keys.of(i);
        tasks.add(() -> register(node, key, EMAIL));
      }
      for (Future<Result> result : threads.invokeAll(tasks)) {
        results.add(result.get());
      }
    }
    return results;
  }

  @Test
  public void a_foreign_user_is_taken_in_wherever_its_address_lies() {
    Harness.Node node = start();
    UserCreated told = apart(0, EMAIL);
    createProfiles(node);
    publish(node, told);
    eventually(() -> assertThat(user(node, told.userId())).isPresent());
    assertThat(node.messaging().unitOfWork().load(EmailClaim.key(EMAIL)).map(Versioned::state))
        .contains(new EmailClaim(EMAIL, told.userId()));
    assertThat(register(node, Optional.empty(), EMAIL)).isInstanceOf(Result.EmailTaken.class);
  }

  @Test
  public void of_two_foreign_users_with_one_address_the_second_is_a_dead_letter() {
    Harness.Node node = start();
    UserCreated one = apart(0, EMAIL);
    UserCreated two = apart(1, EMAIL);
    createProfiles(node);
    publish(node, one);
    publish(node, two);
    eventually(() -> assertThat(harness.deadLetters(UserEvent.TOPIC, Groups.USER_PROCESSORS.group())).isOne());
    // Given up before the other was stored, perhaps.
    eventually(() -> assertThat(user(node, one.userId()).isPresent())
        .isNotEqualTo(user(node, two.userId()).isPresent()));
  }

  @Test
  public void a_claim_that_a_crash_left_behind_is_found_by_the_next_try() {
    Harness.Node node = start();
    UserCreated told = apart(0, EMAIL);
    node.messaging()
        .unitOfWork()
        .commit(request(1), new Work(List.of(Change.creation(EmailClaim.key(EMAIL),
            new EmailClaim(EMAIL, told.userId()))), List.of()));
    createProfiles(node);
    publish(node, told);
    eventually(() -> assertThat(user(node, told.userId())).isPresent());
    assertThat(harness.deadLetters(UserEvent.TOPIC, Groups.USER_PROCESSORS.group())).isZero();
  }

  private void createProfiles(Harness.Node node) {
    subscribed.add(Groups.USER_PROCESSORS.group());
    node.messaging()
        .subscriber()
        .subscribe(Groups.USER_PROCESSORS,
            new CreateProfile(node.messaging().unitOfWork(), InstantSource.system()));
  }

  private static void publish(Harness.Node node, UserCreated told) {
    var id = new EventId(UUID.nameUUIDFromBytes(told.userId().value().getBytes(StandardCharsets.UTF_8)));
    node.messaging()
        .publisher()
        .publish(UserEvent.TOPIC, List.<Recorded<UserEvent>>of(new Recorded<>(id, Samples.AT, told)));
  }

  /** A user whose id lies elsewhere than its address. */
  private UserCreated apart(int number, EmailAddress email) {
    UserId id = IntStream.range(0, 1000)
        .filter(i -> !harness.partitioning().areTogether(userId(i).value(), email.normalForm()))
        .skip(number)
        .mapToObj(Samples::userId)
        .findFirst()
        .orElseThrow();
    return new UserCreated(id, email, Optional.empty());
  }

  private static Optional<User> user(Harness.Node node, UserId id) {
    return node.messaging().unitOfWork().load(User.key(id)).map(Versioned::state);
  }

  private static Result register(Harness.Node node, Optional<IdempotencyKey> key, EmailAddress email) {
    return new RegisterUser(node.messaging().unitOfWork(), UUID::randomUUID, InstantSource.system())
        .register(key, email, Optional.empty());
  }
}
