package dev.tributary.adapters.redis;

import dev.tributary.domain.messaging.Subscription;
import java.util.Optional;

/** A consumer at work, in whatever order. */
interface RunningSubscription extends Subscription {

  /** Why it reads nothing at the moment; empty while all is well, and once it need not read any more. */
  Optional<String> problem();
}
