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

/** Registers a user: the user, the claim on the address and {@code user_created} are stored in one step. */
public final class RegisterUser {

  private final Requests requests;
  private final Ids ids;
  private final InstantSource clock;

  public RegisterUser(UnitOfWork store, Ids ids, InstantSource clock) {
    this.requests = new Requests(store);
    this.ids = ids;
    this.clock = clock;
  }

  /** @throws StoreUnavailableException if the store does not confirm it */
  public Result register(EmailAddress email, Optional<UserName> name) {
    var request = new RequestId(ids.next());
    var id = new UserId(ids.next().toString());
    Instant at = Time.now(clock);
    Decision<User, UserEvent> decided = User.register(id, email, name, at);
    var work = new Work(
        List.of(Change.creation(EmailClaim.key(email), new EmailClaim(email, id)),
            Change.creation(User.key(id), decided.state())),
        Cause.of(request).record(at, decided.events()));
    return switch (requests.commit(request, work)) {
      case CommitResult.Committed _,CommitResult.Duplicate _ -> new Result.Registered(decided.state());
      case CommitResult.Conflict _ -> new Result.EmailTaken();
    };
  }

  /** What became of a registration. */
  public sealed interface Result {

    record Registered(User user) implements Result {}

    record EmailTaken() implements Result {}
  }
}
