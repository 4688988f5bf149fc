package dev.tributary.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One thing that grows. Its levels take turns, A B C, A B C, …, so that whatever else the machine does falls upon all of them.
 *
 * @param picture the file's name
 * @param levels the smallest first: the others are measured by it
 */
record Growing(String name, String picture, List<Level> levels) {

  /** Rounds before the first that counts: classes are loaded, code is compiled. */
  private static final int WARM_UPS = 1;

  Growing {
    levels = List.copyOf(levels);
  }

  /** @return each level's runs, by its name */
  Map<String, List<Run>> measure(int rounds) throws Exception {
    var runs = new LinkedHashMap<String, List<Run>>();
    for (int round = 1 - WARM_UPS; round <= rounds; round++) {
      for (Level level : levels) {
        Run run = level.measure();
        Main.say("%s: round %d of %d: %s: %s".formatted(name, round, rounds, level.name(), run));
        if (round > 0) {
          runs.computeIfAbsent(level.name(), _ -> new ArrayList<>()).add(run);
        }
      }
    }
    levels.forEach(Level::close);
    return runs;
  }
}
