package dev.tributary.adapters.http;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class HttpSettingsTest {

  @Test
  void nonsenseIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new HttpSettings("127.0.0.1", -1, true, "token"));
    assertThatIllegalArgumentException().isThrownBy(() -> new HttpSettings("127.0.0.1", 65_536, true, "token"));
    assertThatIllegalArgumentException().isThrownBy(() -> new HttpSettings(" ", 80, true, "token"));
    assertThatIllegalArgumentException().isThrownBy(() -> new HttpSettings("127.0.0.1", 80, true, " "));
  }
}
