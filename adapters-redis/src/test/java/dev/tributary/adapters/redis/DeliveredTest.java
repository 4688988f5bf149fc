package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class DeliveredTest {

  private static final Lease LEASE = new Lease("1-0", 1);
  private static final Entry ENTRY = new Entry("1-0", Map.of());

  @Test
  void what_has_failed_is_noted() {
    assertThat(new Delivered(LEASE, ENTRY, 0).noted()).isFalse();
    assertThat(new Delivered(LEASE, ENTRY, 0).failed(1)).isEqualTo(new Delivered(LEASE, ENTRY, 1, true));
  }

  /** Of a redriven one the store keeps when it is due: whoever settles it has to forget that too. */
  @Test
  void what_is_noted_stays_so_also_where_nothing_has_failed() {
    assertThat(new Delivered(LEASE, ENTRY, 0, true).failed(0).noted()).isTrue();
  }
}
