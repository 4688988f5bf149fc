package dev.tributary.domain.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.UserId;
import dev.tributary.domain.user.Welcome;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ChangeTest {

  private static final Welcome STATE = new Welcome(new UserId("u-1"), new EmailAddress("a@b"), Instant.EPOCH);
  private static final StateKey<Welcome> KEY = Welcome.key(STATE.userId());

  @Test
  void a_creation_expects_that_there_was_none() {
    assertThat(Change.creation(KEY, STATE)).isEqualTo(new Change<>(KEY, 0, STATE));
  }

  @Test
  void a_version_is_not_negative() {
    assertThatThrownBy(() -> new Change<>(KEY, -1, STATE)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a version is not negative: -1");
  }
}
