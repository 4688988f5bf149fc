package dev.tributary.adapters.redis;

import static dev.tributary.adapters.redis.Replies.texts;

import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The processes that read a group in order: each tells the others that it is alive, and learns who else is. */
final class Members {

  private final Connections connections;
  private final String key;
  private final String member;
  private final Duration silence;

  /** @param silence after which one counts as gone */
  Members(Connections connections, Topic<?> topic, Group group, String member, Duration silence) {
    this.connections = connections;
    this.key = Keys.members(topic, group);
    this.member = member;
    this.silence = silence;
  }

  /**
   * @return all that are alive, this one too
   * @throws dev.tributary.application.StoreUnavailableException if Redis does not answer
   */
  Set<String> beat() {
    return call(silence);
  }

  /** @throws dev.tributary.application.StoreUnavailableException if Redis does not answer: then the others see it after its silence */
  void leave() {
    call(Duration.ZERO);
  }

  private Set<String> call(Duration until) {
    return Set.copyOf(texts(Script.MEMBERS.call(connections, List.of(key), member, Long.toString(until.toMillis()))));
  }
}
