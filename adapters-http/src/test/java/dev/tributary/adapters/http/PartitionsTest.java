package dev.tributary.adapters.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Partitioning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PartitionsTest {

  /** Of five partitions, the second and the last are empty, and ids occur in several. */
  private static final List<List<EntryId>> STORED = List.of(ids(1, 2, 3), ids(), ids(1), ids(2, 3, 4, 5), ids());

  private static final Partitions ALL = Partitions.of(Optional.empty(), new Partitioning(STORED.size()));

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7, 8, 200})
  void pages_go_through_all_partitions_and_miss_nothing(int limit) {
    var seen = new ArrayList<String>();
    Optional<String> after = Optional.empty();
    int pages = 0;
    do {
      ObjectNode page = page(ALL, after, limit);
      assertThat(page.get("items")).hasSizeBetween(1, limit);
      page.get("items").forEach(item -> seen.add(item.get("partition").intValue() + "/" + item.get("id").textValue()));
      after = Optional.ofNullable(page.get("next")).filter(JsonNode::isTextual).map(JsonNode::textValue);
      pages++;
    } while (after.isPresent());
    assertThat(seen).containsExactly("0/1-0", "0/2-0", "0/3-0", "2/1-0", "3/2-0", "3/3-0", "3/4-0", "3/5-0");
    assertThat(pages).isEqualTo((seen.size() + limit - 1) / limit);
  }

  @Test
  void one_partition_is_listed_alone() {
    var third = Partitions.of(Optional.of(3), new Partitioning(STORED.size()));
    assertThat(page(third, Optional.of("3:3-0"), 1).toString())
        .isEqualTo("{\"items\":[{\"id\":\"4-0\",\"partition\":3}],\"next\":\"3:4-0\"}");
    assertThat(page(third, Optional.of("4-0"), 5).toString())
        .isEqualTo("{\"items\":[{\"id\":\"5-0\",\"partition\":3}],\"next\":null}");
  }

  @Test
  void an_only_partition_is_not_named() {
    assertThat(page(Partitions.of(Optional.empty(), Partitioning.ONE), Optional.empty(), 2).toString())
        .isEqualTo("{\"items\":[{\"id\":\"1-0\"},{\"id\":\"2-0\"}],\"next\":\"2-0\"}");
  }

  @Test
  void what_is_no_cursor_and_no_partition_is_refused() {
    assertThatThrownBy(() -> page(ALL, Optional.of("3:x"), 2)).isInstanceOf(ProblemException.class);
    assertThatThrownBy(() -> Partitions.of(Optional.of(5), new Partitioning(5))).isInstanceOf(ProblemException.class);
  }

  private static ObjectNode page(Partitions partitions, Optional<String> after, int limit) {
    return partitions.page(new PageQuery(after, limit), PartitionsTest::read, id -> id,
        (_, id) -> Json.object().put("id", id.toString()));
  }

  private static List<EntryId> read(int partition, EntryId after, int limit) {
    return STORED.get(partition).stream().filter(id -> id.compareTo(after) > 0).limit(limit).toList();
  }

  private static List<EntryId> ids(int... millis) {
    return Arrays.stream(millis).mapToObj(at -> new EntryId(at, 0)).toList();
  }
}
