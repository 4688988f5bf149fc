package dev.tributary.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecisionTest {

  private record Moved(String type, String key) implements DomainEvent {}

  @Test
  void keeps_its_events_whatever_becomes_of_the_list() {
    var events = new ArrayList<>(List.of(new Moved("moved", "1")));
    var decided = new Decision<>("state", events);
    events.clear();
    assertThat(decided.events()).containsExactly(new Moved("moved", "1")).isUnmodifiable();
  }
}
