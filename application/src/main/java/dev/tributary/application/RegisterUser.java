package dev.tributary.application;

import dev.tributary.domain.Decision;
import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.StateKey;
import dev.tributary.domain.messaging.Work;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.EmailClaim;
import dev.tributary.domain.user.User;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.domain.user.UserId;
import dev.tributary.domain.user.UserName;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Registers a user: the user, the claim on the address and {@code user_created} are stored in one step. */
public final class RegisterUser {

  private static final String KIND = "user";

  private final UnitOfWork store;
  private final Requests requests;
  private final Once once;
  private final Ids ids;
  private final InstantSource clock;

  public RegisterUser(UnitOfWork store, Ids ids, InstantSource clock) {
    this.store = store;
    this.requests = new Requests(store);
    this.once = new Once(store, requests, Receipt.OF_USERS, KIND);
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * @param key without one, every call is a registration of its own
   * @throws StoreUnavailableException if the store does not confirm it
   */
  public Result register(Optional<IdempotencyKey> key, EmailAddress email, Optional<UserName> name) {
    return key.isPresent() ? registerOnce(key.get(), email, name) : registerAnother(email, name);
  }

  private Result registerAnother(EmailAddress email, Optional<UserName> name) {
    var request = new RequestId(ids.next());
    Decision<User, UserEvent> decided = User.register(userId(beside(email, ids.next(), _ -> ids.next())), email, name,
        Time.now(clock));
    return switch (requests.commit(request, work(request, decided))) {
      case CommitResult.Committed _,CommitResult.Duplicate _ -> new Result.Registered(decided.state());
      case CommitResult.Conflict _ -> new Result.EmailTaken();
    };
  }

  private Result registerOnce(IdempotencyKey key, EmailAddress email, Optional<UserName> name) {
    return store.partitioning().count() == 1
        ? registerWithReceipt(key, email, name)
        : registerBehindReceipt(key, email, name);
  }

  /** The receipt and the user in one step. */
  private Result registerWithReceipt(IdempotencyKey key, EmailAddress email, Optional<UserName> name) {
    Instant at = Time.now(clock);
    Once.Result made = once.make(key, fingerprint(email, name),
        id -> work(new RequestId(id), User.register(userId(id), email, name, at)));
    return switch (made) {
      case Once.Result.Made(UUID id) -> new Result.Registered(User.register(userId(id), email, name, at).state());
      case Once.Result.Replayed(UUID id) -> new Result.Replayed(asRegistered(userId(id)));
      case Once.Result.KeyReused _ -> new Result.KeyReused();
      case Once.Result.Taken _ -> new Result.EmailTaken();
    };
  }

  /**
   * The receipt is found by the key alone, and the user lies beside its address, which may be another partition: so the receipt comes first. A
   * crash between the two steps is healed by the next try, which finds the receipt and makes the user under the same id. So is a store that lost one
   * of the two. An address that is taken uses up no key, unless it is taken between the two steps.
   */
  private Result registerBehindReceipt(IdempotencyKey key, EmailAddress email, Optional<UserName> name) {
    UUID derived = key.derive(KIND);
    StateKey<Receipt> receipt = Receipt.OF_USERS.key(derived.toString());
    var asked = new Receipt(fingerprint(email, name));
    Optional<Versioned<Receipt>> held = store.load(receipt);
    if (held.isEmpty()) {
      boolean taken = store.load(EmailClaim.key(email)).isPresent()
          && !hasLostItsReceipt(userId(beside(email, derived)), asked);
      if (!taken) {
        requests.commit(new RequestId(ids.next()), new Work(List.of(Change.creation(receipt, asked)), List.of()));
      }
      // Also where it is taken: by ourselves, if another call under this key was quicker, and then the receipt was there before.
      held = store.load(receipt);
      if (taken && held.isEmpty()) {
        return new Result.EmailTaken();
      }
    }
    return held.map(Versioned::state).orElse(asked).equals(asked)
        ? registerAs(beside(email, derived), email, name)
        : new Result.KeyReused();
  }

  /** Whether that user is there and was asked for in the same words, so lately that there must have been a receipt. */
  private boolean hasLostItsReceipt(UserId id, Receipt asked) {
    return store.load(User.key(id))
        .map(Versioned::state)
        .filter(user -> user.createdAt().plus(Receipt.KEPT).isAfter(clock.instant()))
        .filter(user -> fingerprint(user.email(), user.name()).equals(asked.fingerprint()))
        .isPresent();
  }

  private Result registerAs(UUID id, EmailAddress email, Optional<UserName> name) {
    var request = new RequestId(DerivedId.of(KIND, id.toString()));
    Decision<User, UserEvent> decided = User.register(userId(id), email, name, Time.now(clock));
    return switch (requests.commit(request, work(request, decided))) {
      case CommitResult.Committed _ -> new Result.Registered(decided.state());
      case CommitResult.Conflict(var taken) when !taken.equals(User.key(userId(id))) -> new Result.EmailTaken();
      case CommitResult.Duplicate _,CommitResult.Conflict _ -> new Result.Replayed(asRegistered(userId(id)));
    };
  }

  /** Of the address too: where the receipt has expired, another address under the same key makes another user. */
  private UUID beside(EmailAddress email, UUID derived) {
    UnaryOperator<UUID> next = id -> DerivedId.of("beside", id.toString(), email.normalForm());
    return beside(email, next.apply(derived), next);
  }

  /** The first of some ids that lies in the partition of the address: so the user and the claim on it are made in one step. */
  private UUID beside(EmailAddress email, UUID first, UnaryOperator<UUID> next) {
    return Stream.iterate(first, next)
        .filter(id -> store.partitioning().areTogether(id.toString(), email.normalForm()))
        .findFirst()
        .orElseThrow();
  }

  private User asRegistered(UserId id) {
    return store.load(User.key(id)).orElseThrow().state().asRegistered();
  }

  private static Work work(RequestId request, Decision<User, UserEvent> decided) {
    User user = decided.state();
    return new Work(
        List.of(Change.creation(User.key(user.id()), user),
            Change.creation(EmailClaim.key(user.email()), new EmailClaim(user.email(), user.id()))),
        Cause.of(request).record(user.createdAt(), decided.events()));
  }

  private static UUID fingerprint(EmailAddress email, Optional<UserName> name) {
    return DerivedId.of(
        Stream.concat(Stream.of(email.value()), name.map(UserName::value).stream()).toArray(String[]::new));
  }

  private static UserId userId(UUID id) {
    return new UserId(id.toString());
  }

  /** What became of a registration. */
  public sealed interface Result {

    record Registered(User user) implements Result {}

    /**
     * The same was asked for before under this key.
     *
     * @param user as it was registered then
     */
    record Replayed(User user) implements Result {}

    /** Something else was asked for under this key. */
    record KeyReused() implements Result {}

    record EmailTaken() implements Result {}
  }
}
