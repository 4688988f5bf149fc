package dev.tributary.adapters.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.domain.messaging.EntryId;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TailPositionTest {

  private static final String LONGEST_ID = "1795449311016-999";
  /** What servers usually take for one header. */
  private static final int HEADER = 8 * 1024;

  @Test
  void one_id_counts_for_each_partition() {
    var position = TailPosition.parse("5-1", List.of(0, 1, 2));
    position.pass(1, EntryId.parse("7-0"));
    assertThat(position).hasToString("5-1,7-0,5-1");
    assertThat(TailPosition.parse(position.toString(), List.of(0, 1, 2)).last()).isEqualTo(position.last());
  }

  @Test
  void of_as_many_partitions_as_there_may_be_it_fits_into_a_header() {
    List<Integer> most = IntStream.range(0, TailPosition.MOST_PARTITIONS).boxed().toList();
    assertThat(TailPosition.parse(LONGEST_ID, most).toString()).hasSizeLessThan(HEADER * 3 / 4);
  }
}
