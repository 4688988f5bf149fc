package dev.tributary.domain.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SharesTest {

  private static List<String> members(int count) {
    return IntStream.range(0, count).mapToObj(i -> "host-4711-" + i).toList();
  }

  @Test
  void every_partition_is_one_members_and_shares_differ_by_one_at_most() {
    for (int partitions : List.of(1, 3, 8, 64, 1000)) {
      for (int count = 1; count <= 20; count++) {
        Map<String, Set<Integer>> shares = Shares.of(members(count), partitions);
        List<Integer> all = shares.values().stream().flatMap(Set::stream).sorted().toList();
        assertThat(all).as("%s over %s", partitions, count)
            .isEqualTo(IntStream.range(0, partitions).boxed().toList());
        assertThat(shares.values()).extracting(Set::size)
            .allMatch(between(partitions / count));
      }
    }
  }

  private static Predicate<Integer> between(int least) {
    return size -> size == least || size == least + 1;
  }

  @Test
  void the_order_in_which_members_are_named_does_not_matter() {
    var shuffled = new ArrayList<>(members(9));
    Collections.reverse(shuffled);
    assertThat(Shares.of(shuffled, 64)).isEqualTo(Shares.of(members(9), 64));
  }

  @Test
  void nobody_shares_nothing() {
    assertThat(Shares.of(List.of(), 8)).isEmpty();
  }

  @Test
  void who_joins_moves_at_most_twice_its_share_on_average() {
    int moved = 0;
    int least = 0;
    for (int count = 1; count < 16; count++) {
      moved += moved(Shares.of(members(count), 64), Shares.of(members(count + 1), 64));
      least += 64 / (count + 1);
    }
    assertThat(moved).isBetween(least, 2 * least);
  }

  private static int moved(Map<String, Set<Integer>> before, Map<String, Set<Integer>> after) {
    return before.keySet().stream().mapToInt(member -> {
      Set<Integer> lost = new HashSet<>(before.get(member));
      lost.removeAll(after.getOrDefault(member, Set.of()));
      return lost.size();
    }).sum();
  }
}
