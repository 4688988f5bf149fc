package dev.tributary.adapters.redis;

import static dev.tributary.adapters.redis.Replies.text;

import dev.tributary.domain.messaging.Group;
import java.util.List;
import java.util.Optional;

/** Makes sure that a group is there for one of its consumers. */
record Joining(Connections connections, Group group, String consumer) {

  /**
   * A group that had vanished and was made again.
   *
   * @param stream of its partition
   * @param start the entry behind which it goes on
   * @param checkpoint what was known of it outside its stream; may be empty
   */
  record Gap(String stream, String start, String checkpoint) {}

  /**
   * One that is new starts at the first entry, so that it misses nothing that was published before it; one that had vanished, at its last checkpoint.
   *
   * @param known whether it was there before: where nobody knows of it, it is no gap, but a beginning
   * @throws dev.tributary.application.StoreUnavailableException if Redis does not answer
   */
  Optional<Gap> join(Keys keys, boolean known) {
    List<Object> reply = Script.ENSURE_GROUP.call(connections,
        List.of(keys.stream(), keys.checkpoint(group), keys.due(group), keys.retry(group), keys.consumers(group)),
        group.name(), consumer);
    if (!reply.getFirst().equals(1L)) {
      return Optional.empty();
    }
    var gap = new Gap(keys.stream(), text(reply.get(1)), text(reply.get(2)));
    return known || !gap.checkpoint().isEmpty() ? Optional.of(gap) : Optional.empty();
  }
}
