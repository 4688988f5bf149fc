package dev.tributary.adapters.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.lang.ref.WeakReference;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class JsonTest {

  @Test
  void text_is_written_as_it_is() throws Exception {
    String name = "Ada \uD83D\uDE00 \u00E9 \u2028 \"x\"";
    byte[] bytes = Json.bytes(Json.object().put("name", name));
    assertThat(new String(bytes, StandardCharsets.UTF_8)).contains("\uD83D\uDE00").contains("\u00E9");
    assertThat(Json.parse(bytes).get("name").textValue()).isEqualTo(name);
  }

  @Test
  void a_long_number_takes_no_longer_than_a_long_text() {
    byte[] text = ("[" + "9".repeat(262_000) + "]").getBytes(StandardCharsets.UTF_8);
    assertTimeout(Duration.ofSeconds(5), () -> {
      for (int i = 0; i < 30; i++) {
        assertThat(Json.parseBounded(text).get(0).isIntegralNumber()).isTrue();
      }
    });
  }

  @Test
  void numbers_of_a_bearable_length_are_read_as_they_are() throws Exception {
    String digits = "-" + "7".repeat(1000);
    assertThat(Json.parseBounded(digits.getBytes(StandardCharsets.UTF_8)).bigIntegerValue()).hasToString(digits);
    assertThat(Json.parseBounded((digits + "7").getBytes(StandardCharsets.UTF_8)).bigIntegerValue())
        .isEqualTo(BigInteger.TEN.pow(1000).negate());
    assertThat(Json.parseBounded(new byte[0]).isMissingNode()).isTrue();
    assertThatThrownBy(() -> Json.parseBounded("1 2".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(JsonProcessingException.class);
  }

  @Test
  void names_are_not_kept() throws Exception {
    byte[] text = ("{\"" + "x".repeat(40_000) + "\":1}").getBytes(StandardCharsets.UTF_8);
    var name = new WeakReference<>(Json.parse(text).fieldNames().next());
    await().until(() -> {
      System.gc();
      return name.get() == null;
    });
  }
}
