package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PipelineTest {

  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger mostUnderWay = new AtomicInteger();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, Pipeline.AT_ONCE - 1, Pipeline.AT_ONCE, Pipeline.AT_ONCE + 1, 100})
  void every_reply_is_taken_in_order(int count) {
    List<Integer> asked = IntStream.range(0, count).boxed().toList();
    assertThat(run(asked)).isEqualTo(asked);
    assertThat(underWay).hasValue(0);
  }

  @Test
  void several_are_under_way_but_a_bounded_number() {
    run(IntStream.range(0, 100).boxed().toList());
    assertThat(mostUnderWay).hasValue(Pipeline.AT_ONCE);
  }

  private List<Integer> run(List<Integer> asked) {
    return Pipeline.run(asked, number -> {
      mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
      return number;
    }, (number, reply) -> {
      assertThat(reply).isEqualTo(number);
      underWay.decrementAndGet();
      return reply;
    });
  }
}
