package dev.tributary.domain.user;

import dev.tributary.domain.messaging.Aggregate;
import dev.tributary.domain.messaging.StateKey;

/** An address belongs to one user: this is created together with the user, and can be created only once. */
public record EmailClaim(EmailAddress email, UserId owner) {

  public static final Aggregate<EmailClaim> AGGREGATE = new Aggregate<>("email", UserEvent.TOPIC, EmailClaim.class);

  public static StateKey<EmailClaim> key(EmailAddress email) {
    return AGGREGATE.key(email.normalForm());
  }
}
