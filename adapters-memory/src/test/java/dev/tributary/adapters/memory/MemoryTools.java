package dev.tributary.adapters.memory;

import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What an operator may see and break with a server's own tools. */
record MemoryTools(MemoryStore store) {

  void seize(Topic<?> topic, Group group, Duration lease) {
    Consumer thief = Consumer.gone("thief");
    inGroups(topic, group, state -> state.seize(thief, store.now().plus(lease)));
  }

  void destroy(Topic<?> topic, Group group) {
    inLogs(topic, log -> log.destroy(group));
  }

  void rewind(Topic<?> topic, Group group) {
    inGroups(topic, group, GroupState::rewind);
  }

  void delete(Topic<?> topic, Set<EntryId> entries) {
    inLogs(topic, log -> log.delete(entries));
  }

  /** {@link Long#MAX_VALUE} while there is no such group everywhere. */
  long unsettled(Topic<?> topic, Group group) {
    return store.inLogs(topic, logs -> {
      List<GroupState> states = groups(logs, group);
      return states.size() < logs.size()
          ? Long.MAX_VALUE
          : states.stream().mapToLong(GroupState::unsettled).sum();
    });
  }

  Set<String> consumers(Topic<?> topic, Group group) {
    return store.inLogs(topic, logs -> groups(logs, group).stream()
        .flatMap(state -> state.consumers().stream())
        .collect(Collectors.toSet()));
  }

  private void inLogs(Topic<?> topic, java.util.function.Consumer<Log> step) {
    var _ = store.inLogs(topic, logs -> {
      logs.forEach(step);
      return logs;
    });
  }

  private void inGroups(Topic<?> topic, Group group, java.util.function.Consumer<GroupState> step) {
    inLogs(topic, log -> log.group(group).ifPresent(step));
  }

  private static List<GroupState> groups(List<Log> logs, Group group) {
    return logs.stream().flatMap(log -> log.group(group).stream()).toList();
  }
}
