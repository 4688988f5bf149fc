package dev.tributary.application;

import dev.tributary.domain.Decision;
import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.Delivery;
import dev.tributary.domain.messaging.EventHandler;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Work;
import dev.tributary.domain.user.EmailClaim;
import dev.tributary.domain.user.User;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Gives each new user a profile, and takes in a user that another producer told of. */
public final class CreateProfile implements EventHandler<UserCreated> {

  private final UnitOfWork store;
  private final Requests requests;
  private final InstantSource clock;

  public CreateProfile(UnitOfWork store, InstantSource clock) {
    this.store = store;
    this.requests = new Requests(store);
    this.clock = clock;
  }

  @Override
  public Outcome handle(Delivery<UserCreated> delivery) {
    UserCreated created = delivery.event();
    Optional<Versioned<User>> held = store.load(User.key(created.userId()));
    return held.isPresent() ? profiled(delivery, held.get()) : takenIn(delivery);
  }

  private Outcome profiled(Delivery<UserCreated> delivery, Versioned<User> held) {
    Instant at = Time.now(clock);
    Decision<User, UserEvent> decided = held.state().withProfile(at);
    return decided.events().isEmpty()
        ? Outcome.SETTLED
        : new Outcome.Settled(
            new Work(List.of(held.to(decided.state())), Cause.of(delivery).record(at, decided.events())));
  }

  private Outcome takenIn(Delivery<UserCreated> delivery) {
    UserCreated told = delivery.event();
    var claim = new EmailClaim(told.email(), told.userId());
    Optional<Versioned<EmailClaim>> held = store.load(EmailClaim.key(told.email()));
    if (held.isPresent() && !held.get().state().owner().equals(told.userId())) {
      return new Outcome.Rejected("the email address of user " + told.userId() + " belongs to another user");
    }
    if (areApart(told)) {
      return held.isPresent() ? takenIn(delivery, List.of()) : claimedFirst(delivery, claim);
    }
    return takenIn(delivery, List.of(claimed(claim, held)));
  }

  private Outcome takenIn(Delivery<UserCreated> delivery, List<Change<?>> claimed) {
    Instant at = Time.now(clock);
    Decision<User, UserEvent> decided = User.told(delivery.event(), delivery.recorded().at()).withProfile(at);
    List<Change<?>> changes = Stream.<Change<?>>concat(claimed.stream(), Stream.of(created(decided.state()))).toList();
    return new Outcome.Settled(new Work(changes, Cause.of(delivery).record(at, decided.events())));
  }

  /** Another producer chose the id: what we choose ourselves lies beside the address. */
  private boolean areApart(UserCreated told) {
    return !store.partitioning().areTogether(told.userId().value(), told.email().normalForm());
  }

  /**
   * The address lies in another partition than the user, and is claimed for it in a step of its own: whoever comes second finds the claim, and
   * after a crash between the two steps the delivery comes again and finds it too.
   */
  private Outcome claimedFirst(Delivery<UserCreated> delivery, EmailClaim claim) {
    var request = new RequestId(DerivedId.of("claim", delivery.id().toString(), claim.email().normalForm()));
    requests.commit(request, new Work(List.of(Change.creation(EmailClaim.key(claim.email()), claim)), List.of()));
    return store.load(EmailClaim.key(claim.email())).isPresent()
        ? takenIn(delivery)
        : new Outcome.Retry(Optional.empty(), "the claim on the email address has vanished");
  }

  /** The user's own claim may be there without the user: expecting none would be a conflict for ever. */
  private static Change<EmailClaim> claimed(EmailClaim claim, Optional<Versioned<EmailClaim>> held) {
    return new Change<>(EmailClaim.key(claim.email()), held.map(Versioned::version).orElse(0L), claim);
  }

  private static Change<User> created(User user) {
    return Change.creation(User.key(user.id()), user);
  }
}
