package dev.tributary.application;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DerivedIdTest {

  /** Worked out apart from this code. Another value would make stored events happen again. */
  @Test
  void never_changes() {
    assertThat(DerivedId.of("a", "bc")).hasToString("b534ce16-ac9c-8b36-823f-39a395ce8e0e");
    assertThat(DerivedId.of("entry", "user-events", "1700000000000-0"))
        .hasToString("e8f5f5d8-bed6-8e6e-8554-289264ed8adc");
    assertThat(DerivedId.of("é€😀")).hasToString("486f035a-93ed-825d-9c9b-b45ff04086aa");
  }

  @Test
  void is_a_uuid_of_version_8() {
    for (int i = 0; i < 1000; i++) {
      UUID id = DerivedId.of(Integer.toString(i));
      assertThat(id.version()).isEqualTo(8);
      assertThat(id.variant()).isEqualTo(2);
    }
  }

  @Test
  void tells_parts_apart_by_their_borders() {
    List<UUID> ids = List.of(DerivedId.of(), DerivedId.of(""), DerivedId.of("", ""), DerivedId.of("abc"),
        DerivedId.of("a", "bc"), DerivedId.of("ab", "c"), DerivedId.of("abc", ""), DerivedId.of("", "abc"),
        DerivedId.of("bc", "a"), DerivedId.of("a\u0000bc"));
    assertThat(ids).doesNotHaveDuplicates();
  }

  @Test
  void differs_for_what_differs() {
    var ids = new HashSet<UUID>();
    IntStream.range(0, 10_000).forEach(i -> ids.add(DerivedId.of("order", Integer.toString(i))));
    assertThat(ids).hasSize(10_000);
  }
}
