package dev.tributary.adapters.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceSettingsTest {

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost:4318", "HTTPS://otlp.example.com/", "http://[::1]:4318/base"})
  void these_receive_traces(URI uri) {
    assertThat(new TraceSettings(Optional.of(uri), 1, "redis").otlp()).contains(uri);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:4318", "/v1/traces", "grpc://host:4317", "http:///v1", "http://host:0",
      "http://host:65536", "http://u:secret@host", "http://host?secret=1", "http://host#secret"})
  void these_do_not(URI uri) {
    assertThatThrownBy(() -> new TraceSettings(Optional.of(uri), 1, "redis"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("must ")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1.1, Double.NaN, Double.POSITIVE_INFINITY})
  void a_share_is_a_share(double share) {
    assertThatThrownBy(() -> new TraceSettings(Optional.empty(), share, "redis"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
