package dev.tributary.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Contenders that do the same work in turn: A B C, A B C, …, so that whatever else the machine does falls upon all of them.
 *
 * @param contenders the first is ours, the second the one that we measure ourselves by
 */
record Contest(String name, int events, List<Contender> contenders) {

  /** Rounds before the first that counts: classes are loaded, code is compiled. */
  private static final int WARM_UPS = 6;

  Contest {
    contenders = List.copyOf(contenders);
  }

  /** @return each contender's runs, by its name */
  Map<String, List<Run>> hold(BenchRedis redis, int rounds, Consumer<String> progress) throws Exception {
    var runs = new LinkedHashMap<String, List<Run>>();
    for (int round = 1 - WARM_UPS; round <= rounds; round++) {
      for (Contender contender : contenders) {
        Run run = measure(redis, contender);
        progress.accept("%s, %s: round %d of %d: %s: %s".formatted(redis.durability(), name, round, rounds,
            contender.name(), run));
        if (round > 0) {
          runs.computeIfAbsent(contender.name(), _ -> new ArrayList<>()).add(run);
        }
      }
    }
    contenders.forEach(Contender::close);
    return runs;
  }

  private Run measure(BenchRedis redis, Contender contender) throws Exception {
    redis.empty();
    try {
      contender.prepare(events);
      return Run.measured(redis, events, () -> contender.run(events));
    } finally {
      contender.finish();
    }
  }
}
