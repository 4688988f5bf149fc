package dev.tributary.adapters.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
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
  void names_are_not_kept() throws Exception {
    byte[] text = ("{\"" + "x".repeat(40_000) + "\":1}").getBytes(StandardCharsets.UTF_8);
    var name = new WeakReference<>(Json.parse(text).fieldNames().next());
    await().until(() -> {
      System.gc();
      return name.get() == null;
    });
  }
}
