package dev.tributary.application;

import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Topic;
import java.time.Duration;
import java.util.List;

/**
 * How long a log keeps what it no longer needs. An entry goes when every declared group has settled it and it is older than that; a mark that
 * guards against handling an entry twice goes after the entry; a dead letter goes that long after its delivery was given up. State is kept.
 *
 * @param span more than 0
 * @param declared the groups that must have settled an entry; while one of them does not exist, nothing of its topic goes
 */
public record Retention(Duration span, List<SubscriptionSpec<?>> declared) {

  /** A week, and every declared group. */
  public static final Retention DEFAULT = new Retention(Duration.ofDays(7), Groups.DECLARED);

  /** @throws IllegalArgumentException if the span is not more than 0 */
  public Retention {
    if (!span.isPositive()) {
      throw new IllegalArgumentException("retention must be more than 0");
    }
    declared = List.copyOf(declared);
  }

  public Retention withSpan(Duration changed) {
    return new Retention(changed, declared);
  }

  /** @return the declared groups of a topic; without any, nothing of it may go */
  public List<Group> groupsOf(Topic<?> topic) {
    return declared.stream().filter(spec -> spec.topic().equals(topic)).map(SubscriptionSpec::group).toList();
  }
}
