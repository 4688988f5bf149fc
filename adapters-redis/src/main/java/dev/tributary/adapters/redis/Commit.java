package dev.tributary.adapters.redis;

import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.Work;
import dev.tributary.eventjson.EventCodec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/** New work on its way to {@code commit.lua} or {@code publish.lua}. */
record Commit(Kind kind, UUID cause, WorkBytes work) {

  enum Kind {
    REQUEST,
    /** One event, whose id is the cause. */
    PUBLICATION
  }

  static Commit request(Keys keys, UUID cause, Work work) {
    return new Commit(Kind.REQUEST, cause, WorkBytes.of(keys, work));
  }

  static Commit publication(Recorded<?> event) {
    return new Commit(Kind.PUBLICATION, event.id().value(),
        new WorkBytes(List.of(), List.<byte[][]>of(EventCodec.encode(event))));
  }

  /** Publications alone go by a script of their own, to the same effect. */
  static Call call(Keys keys, List<Commit> commits) {
    return commits.stream().allMatch(commit -> commit.kind() == Kind.PUBLICATION)
        ? publications(keys, commits)
        : works(keys, commits);
  }

  private static Call publications(Keys keys, List<Commit> commits) {
    var sizes = new byte[commits.size()];
    var arguments = new ArrayList<byte[]>(1 + Call.FIELD_NAMES.size() * (1 + commits.size()));
    arguments.add(sizes);
    arguments.addAll(Call.FIELD_NAMES);
    for (int i = 0; i < sizes.length; i++) {
      byte[][] values = commits.get(i).work().events().getFirst();
      sizes[i] = (byte) ('0' + values.length);
      Collections.addAll(arguments, values);
    }
    return new Call(Script.PUBLISH, new String[]{keys.stream(), keys.published()}, arguments.toArray(byte[][]::new));
  }

  private static Call works(Keys keys, List<Commit> commits) {
    var call = new Call.Builder(Script.COMMIT, commits.size(), keys.stream(), keys.requests(), keys.published());
    commits.forEach(commit -> call.text(commit.cause().toString()));
    commits.forEach(commit -> call.flag(commit.kind() == Kind.PUBLICATION).counts(commit.work()).work(commit.work()));
    return call.build();
  }
}
