package dev.tributary.application;

import dev.tributary.domain.Decision;
import dev.tributary.domain.messaging.Change;
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
import java.util.stream.Stream;

/** Registers a user: the user, the claim on the address and {@code user_created} are stored in one step. */
public final class RegisterUser {

  private final UnitOfWork store;
  private final Requests requests;
  private final Once once;
  private final Ids ids;
  private final InstantSource clock;

  public RegisterUser(UnitOfWork store, Ids ids, InstantSource clock) {
    this.store = store;
    this.requests = new Requests(store);
    this.once = new Once(store, requests, Receipt.OF_USERS, "user");
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
    Decision<User, UserEvent> decided = User.register(userId(ids.next()), email, name, Time.now(clock));
    return switch (requests.commit(request, work(request, decided))) {
      case CommitResult.Committed _,CommitResult.Duplicate _ -> new Result.Registered(decided.state());
      case CommitResult.Conflict _ -> new Result.EmailTaken();
    };
  }

  private Result registerOnce(IdempotencyKey key, EmailAddress email, Optional<UserName> name) {
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
