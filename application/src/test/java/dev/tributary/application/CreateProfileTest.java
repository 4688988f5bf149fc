package dev.tributary.application;

import static dev.tributary.application.Samples.CLOCK;
import static dev.tributary.application.Samples.EARLIER;
import static dev.tributary.application.Samples.EMAIL;
import static dev.tributary.application.Samples.NAME;
import static dev.tributary.application.Samples.NOW;
import static dev.tributary.application.Samples.USER;
import static dev.tributary.application.Samples.USER_CREATED;
import static dev.tributary.application.Samples.USER_ID;
import static dev.tributary.application.Samples.delivery;
import static dev.tributary.application.Samples.following;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.Work;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.EmailClaim;
import dev.tributary.domain.user.Profile;
import dev.tributary.domain.user.User;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserId;
import dev.tributary.domain.user.UserProfileCreated;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CreateProfileTest {

  private static final EmailClaim CLAIM = new EmailClaim(EMAIL, USER_ID);
  private static final User PROFILED = new User(USER_ID, EMAIL, NAME, EARLIER, Optional.of(new Profile("Ada", NOW)));
  private static final Recorded<?> EVENT = following(new UserProfileCreated(USER_ID, "Ada"));

  private final FakeStore store = new FakeStore();
  private final CreateProfile handler = new CreateProfile(store, CLOCK);

  @Test
  void gives_a_user_a_profile() {
    store.hold(User.key(USER_ID), USER);
    assertThat(handler.handle(delivery(USER_CREATED))).isEqualTo(
        new Outcome.Settled(new Work(List.of(new Change<>(User.key(USER_ID), 1, PROFILED)), List.of(EVENT))));
  }

  @Test
  void gives_no_second_profile() {
    store.hold(User.key(USER_ID), PROFILED);
    assertThat(handler.handle(delivery(USER_CREATED))).isEqualTo(Outcome.SETTLED);
  }

  @Test
  void takes_in_a_stranger_with_profile_and_claim() {
    var changes = List.<Change<?>>of(Change.creation(EmailClaim.key(EMAIL), CLAIM),
        Change.creation(User.key(USER_ID), PROFILED));
    assertThat(handler.handle(delivery(USER_CREATED)))
        .isEqualTo(new Outcome.Settled(new Work(changes, List.of(EVENT))));
  }

  @Test
  void shows_a_stranger_without_a_name_by_the_address() {
    store.settle(handler.handle(delivery(new UserCreated(new UserId("42"), EMAIL, Optional.empty()))));
    assertThat(store.load(User.key(new UserId("42"))).orElseThrow().state().profile())
        .contains(new Profile("Ada", NOW));
  }

  @Test
  void a_stranger_is_taken_in_once() {
    store.settle(handler.handle(delivery(USER_CREATED)));
    assertThat(handler.handle(delivery(USER_CREATED, 2))).isEqualTo(Outcome.SETTLED);
    assertThat(store.events()).containsExactly(EVENT);
  }

  @Test
  void refuses_a_stranger_with_the_address_of_another_user_in_any_case() {
    store.hold(EmailClaim.key(EMAIL), CLAIM);
    var stranger = new UserCreated(new UserId("42"), new EmailAddress("ADA@example.com"), NAME);
    assertThat(handler.handle(delivery(stranger)))
        .isEqualTo(new Outcome.Rejected("the email address of user 42 belongs to another user"));
  }

  @Test
  void takes_in_a_user_whose_own_claim_is_there_already() {
    store.hold(EmailClaim.key(EMAIL), CLAIM);
    store.settle(handler.handle(delivery(USER_CREATED)));
    assertThat(store.load(User.key(USER_ID)).orElseThrow().state()).isEqualTo(PROFILED);
    assertThat(store.load(EmailClaim.key(EMAIL)).orElseThrow().state()).isEqualTo(CLAIM);
  }

  @Test
  void does_the_same_when_run_twice() {
    assertThat(handler.handle(delivery(USER_CREATED, 1))).isEqualTo(handler.handle(delivery(USER_CREATED, 2)));
    store.hold(User.key(USER_ID), USER);
    assertThat(handler.handle(delivery(USER_CREATED, 1))).isEqualTo(handler.handle(delivery(USER_CREATED, 2)));
  }

  @Test
  void fails_while_the_store_is_away() {
    store.goAway();
    assertThatThrownBy(() -> handler.handle(delivery(USER_CREATED))).isInstanceOf(StoreUnavailableException.class);
  }
}
