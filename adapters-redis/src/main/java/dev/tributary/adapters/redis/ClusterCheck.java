package dev.tributary.adapters.redis;

import dev.tributary.application.Groups;
import dev.tributary.application.StoreUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Asks each master of a cluster for one of our streams: one that cannot serve its slots says so, where it would answer a PING. */
final class ClusterCheck {

  private static final int NAMED = 5;

  private final Connections connections;
  private final List<String> streams;

  ClusterCheck(Connections connections, Partitions partitions) {
    this.connections = connections;
    this.streams = Groups.TOPICS.stream()
        .flatMap(topic -> partitions.of(topic).stream())
        .map(partition -> partition.keys().stream())
        .toList();
  }

  /** @return a line for each master that does not serve its streams, and for those that have none */
  List<String> problems() {
    List<Member> members = connections.members();
    var problems = new ArrayList<String>();
    List<String> homeless = streams.stream()
        .filter(stream -> members.stream().noneMatch(member -> member.owns().test(stream)))
        .toList();
    if (!homeless.isEmpty()) {
      problems.add("Redis has no master for " + named(homeless));
    }
    members.forEach(member -> problem(member).forEach(problems::add));
    return problems;
  }

  private Stream<String> problem(Member member) {
    List<String> owned = streams.stream().filter(member.owns()).toList();
    if (owned.isEmpty()) {
      return Stream.of();
    }
    try {
      var _ = connections.await(member.commands().get().thenCompose(redis -> redis.exists(owned.getFirst())));
      return Stream.of();
    } catch (StoreUnavailableException e) {
      return RedisFailure.says(e, "MOVED")
          ? Stream.of()
          : Stream.of(member.name() + ", which has " + named(owned) + ": " + e.getMessage());
    }
  }

  private static String named(List<String> streams) {
    return streams.stream().limit(NAMED).collect(Collectors.joining(", "))
        + (streams.size() > NAMED ? " and " + (streams.size() - NAMED) + " more" : "");
  }
}
