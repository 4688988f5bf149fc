package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.adapters.redis.KeyOrder.Turn;
import dev.tributary.domain.messaging.EntryId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** By a clock of its own. */
final class KeyOrderTest {

  private final Object tenure = new Object();
  private final KeyOrder<String> order = new KeyOrder<>(String::equals, what -> !what.endsWith("again"));

  private void add(String key, int entry, long due) {
    order.add(tenure, key, id(entry), key + entry, due);
  }

  private static EntryId id(int entry) {
    return EntryId.parse(entry + "-0");
  }

  private Turn<String> next(long now) {
    return order.next(now).orElseThrow();
  }

  @Test
  void of_each_key_the_first_may_go_and_the_next_when_it_has_ended() {
    add("a", 1, 0);
    add("a", 2, 0);
    add("b", 3, 1);
    Turn<String> first = next(1);
    assertThat(first.what()).isEqualTo("a1");
    assertThat(next(1).what()).isEqualTo("b3");
    assertThat(order.next(1)).isEmpty();
    order.end(first);
    assertThat(next(1).what()).isEqualTo("a2");
  }

  @Test
  void one_that_has_to_wait_holds_back_its_key_and_no_other() {
    add("a", 1, 0);
    add("a", 2, 0);
    order.await(next(0), "a1 again", 10);
    add("b", 3, 1);
    assertThat(next(5).what()).isEqualTo("b3");
    assertThat(order.next(9)).isEmpty();
    assertThat(order.nextDue()).hasValue(10);
    assertThat(next(10).what()).isEqualTo("a1 again");
  }

  @Test
  void one_that_comes_late_but_stands_before_goes_before() {
    add("a", 2, 0);
    add("a", 3, 0);
    order.await(next(0), "a2 again", 100);
    add("a", 1, 5);
    Turn<String> redriven = next(5);
    assertThat(redriven.what()).isEqualTo("a1");
    order.end(redriven);
    assertThat(order.next(99)).isEmpty();
    assertThat(next(100).what()).isEqualTo("a2 again");
  }

  @Test
  void one_that_is_at_work_is_not_overtaken_by_one_that_comes_before_it() {
    add("a", 2, 0);
    Turn<String> working = next(0);
    add("a", 1, 0);
    assertThat(order.next(0)).isEmpty();
    order.end(working);
    assertThat(next(0).what()).isEqualTo("a1");
    assertThat(order.next(0)).isEmpty();
  }

  @Test
  void the_same_delivery_has_one_place_and_a_newer_one_takes_it() {
    add("a", 1, 0);
    add("a", 1, 0);
    assertThat(order.size()).isOne();
    Turn<String> older = next(0);
    order.add(tenure, "a", id(1), "a1 newer", 0);
    order.end(older);
    assertThat(next(0).what()).isEqualTo("a1 newer");
    assertThat(order.size()).isOne();
  }

  @Test
  void what_ends_while_its_tenure_looks_through_what_is_pending_is_not_found_again() {
    add("a", 1, 0);
    add("a", 2, 0);
    Turn<String> ending = next(0);
    order.looks(tenure);
    order.end(ending);
    add("a", 1, 0);
    add("a", 2, 0);
    add("a", 3, 0);
    order.add("another tenure", "a", id(1), "strayed", 1);
    order.looked(tenure);
    assertThat(next(0).what()).isEqualTo("a2");
    assertThat(next(1).what()).isEqualTo("strayed");
    assertThat(order.size()).isEqualTo(3);
  }

  /** A stranger had taken it meanwhile, and it was taken back: the older delivery is fenced, the newer one has still to be handled. */
  @Test
  void a_newer_delivery_of_what_ends_meanwhile_is_found() {
    add("a", 1, 0);
    order.looks(tenure);
    order.end(next(0));
    order.add(tenure, "a", id(1), "a1 newer", 0);
    order.looked(tenure);
    assertThat(next(0).what()).isEqualTo("a1 newer");
  }

  @Test
  void what_was_put_back_after_it_had_ended_is_found_again() {
    add("a", 1, 0);
    order.looks(tenure);
    order.end(next(0));
    order.looks(tenure);
    add("a", 1, 0);
    order.looked(tenure);
    assertThat(next(0).what()).isEqualTo("a1");
  }

  @Test
  void nothing_of_a_tenure_that_is_over_is_given_out_and_its_end_disturbs_nothing() {
    add("a", 1, 0);
    add("a", 2, 0);
    Turn<String> old = next(0);
    order.forget(tenure);
    assertThat(order.size()).isZero();
    assertThat(order.next(0)).isEmpty();
    order.add("next tenure", "a", id(1), "a1 anew", 0);
    order.end(old);
    assertThat(order.size()).isOne();
    assertThat(next(0).what()).isEqualTo("a1 anew");
    assertThat(order.next(0)).as("while it is at work").isEmpty();
  }

  @Test
  void a_key_that_strayed_into_another_partition_disturbs_nothing() {
    add("a", 1, 0);
    add("a", 2, 0);
    order.add("another partition's tenure", "a", id(1), "strayed", 0);
    Turn<String> first = next(0);
    assertThat(first.what()).isEqualTo("a1");
    assertThat(next(0).what()).isEqualTo("strayed");
    order.end(first);
    assertThat(next(0).what()).isEqualTo("a2");
    assertThat(order.size()).isEqualTo(2);
  }

  @Test
  void counts_the_lines_that_wait_for_a_worker_with_something_new() {
    add("a", 1, 0);
    add("a", 2, 0);
    add("b", 3, 0);
    assertThat(order.freshFirsts()).isEqualTo(2);
    Turn<String> working = next(0);
    assertThat(order.freshFirsts()).isOne();
    order.await(working, "a1 again", 0);
    assertThat(order.freshFirsts()).as("a retry is nothing new").isOne();
    order.forget(tenure);
    assertThat(order.freshFirsts()).isZero();
    assertThat(order.next(0)).isEqualTo(Optional.empty());
  }
}
