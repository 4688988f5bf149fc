package dev.tributary.application;

import dev.tributary.domain.Decision;
import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.Delivery;
import dev.tributary.domain.messaging.EventHandler;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Work;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.domain.user.Welcome;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Welcomes each new user by mail, also one that another producer told of. */
public final class SendWelcomeEmail implements EventHandler<UserCreated> {

  private final UnitOfWork store;
  private final Mailer mailer;
  private final InstantSource clock;

  public SendWelcomeEmail(UnitOfWork store, Mailer mailer, InstantSource clock) {
    this.store = store;
    this.mailer = mailer;
    this.clock = clock;
  }

  @Override
  public Outcome handle(Delivery<UserCreated> delivery) throws InterruptedException {
    UserCreated created = delivery.event();
    if (store.load(Welcome.key(created.userId())).isPresent()) {
      return Outcome.SETTLED;
    }
    return mailer.sendWelcome(delivery.id(), created.email(), created.name()).toOutcome(_ -> welcomed(delivery));
  }

  private Outcome welcomed(Delivery<UserCreated> delivery) {
    UserCreated created = delivery.event();
    Instant at = Time.now(clock);
    Decision<Welcome, UserEvent> decided = Welcome.sent(created.userId(), created.email(), at);
    return new Outcome.Settled(new Work(List.of(Change.creation(Welcome.key(created.userId()), decided.state())),
        Cause.of(delivery).record(at, decided.events())));
  }
}
