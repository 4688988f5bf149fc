package dev.tributary.adapters.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Sends several commands before it waits for the first reply. {@value #AT_ONCE} at a time: the server answers all that one connection has sent
 * it before it turns to others.
 */
final class Pipeline {

  static final int AT_ONCE = 16;

  private Pipeline() {}

  /**
   * @param send sends the command for one of them, and waits for nothing
   * @param take waits for its reply
   * @return what was taken, in the order of what was asked
   */
  static <A, R, T> List<T> run(List<A> asked, Function<A, R> send, BiFunction<A, R, T> take) {
    var taken = new ArrayList<T>(asked.size());
    for (int from = 0; from < asked.size(); from += AT_ONCE) {
      List<A> together = asked.subList(from, Math.min(asked.size(), from + AT_ONCE));
      List<R> replies = together.stream().map(send).toList();
      for (int i = 0; i < replies.size(); i++) {
        taken.add(take.apply(together.get(i), replies.get(i)));
      }
    }
    return taken;
  }
}
