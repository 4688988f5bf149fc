package dev.tributary.domain.messaging;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who of a group reads which partition: all who know the same members come to the same result, without asking each other. Shares differ by one at
 * most. A rendezvous hash: every pair of a member and a partition has a weight, the heaviest pairs come first. So one that joins or leaves moves
 * little more than its own share.
 */
public final class Shares {

  private record Pair(String member, int partition, long weight) {}

  private Shares() {}

  /**
   * @param members in any order
   * @param partitions how many there are
   * @return the partitions of each member, from 0; every partition is somebody's, unless there are no members
   */
  public static Map<String, Set<Integer>> of(Collection<String> members, int partitions) {
    var shares = new HashMap<String, Set<Integer>>();
    members.forEach(member -> shares.put(member, new TreeSet<>()));
    if (shares.isEmpty()) {
      return shares;
    }
    int even = partitions / shares.size();
    int larger = partitions % shares.size();
    var taken = new boolean[partitions];
    for (Pair pair : heaviestFirst(shares.keySet(), partitions)) {
      Set<Integer> share = Objects.requireNonNull(shares.get(pair.member()));
      boolean fits = share.size() < even || (share.size() == even && larger > 0);
      if (fits && !taken[pair.partition()]) {
        larger -= share.size() == even ? 1 : 0;
        taken[pair.partition()] = true;
        share.add(pair.partition());
      }
    }
    return shares;
  }

  private static List<Pair> heaviestFirst(Set<String> members, int partitions) {
    var pairs = new ArrayList<Pair>();
    for (String member : members) {
      long seed = seed(member);
      for (int partition = 0; partition < partitions; partition++) {
        pairs.add(new Pair(member, partition, mixed(seed + partition)));
      }
    }
    pairs.sort(Comparator.comparingLong(Pair::weight).thenComparing(Pair::member).thenComparingInt(Pair::partition));
    return pairs;
  }

  private static long seed(String member) {
    return mixed(Arrays.hashCode(member.getBytes(StandardCharsets.UTF_8)) * 0x9E3779B97F4A7C15L);
  }

  /** The last step of SplitMix64: near numbers come far from each other. */
  private static long mixed(long number) {
    long z = number;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
