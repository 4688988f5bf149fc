package dev.tributary.application;

import static dev.tributary.application.FakeStore.Trouble.NOT_STORED;
import static dev.tributary.application.FakeStore.Trouble.REPLY_LOST;
import static dev.tributary.application.Samples.CLOCK;
import static dev.tributary.application.Samples.EMAIL;
import static dev.tributary.application.Samples.NAME;
import static dev.tributary.application.Samples.NOW;
import static dev.tributary.application.Samples.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.application.FakeStore.Trouble;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.EmailClaim;
import dev.tributary.domain.user.User;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegisterUserTest {

  private static final RequestId REQUEST = new RequestId(id(1));
  private static final UserId ID = new UserId(id(2).toString());
  private static final User REGISTERED = new User(ID, EMAIL, NAME, NOW, Optional.empty());

  private final FakeStore store = new FakeStore();
  private final RegisterUser users = new RegisterUser(store, Samples.ids(), CLOCK);

  @Test
  void stores_the_user_the_claim_and_the_event_in_one_step() {
    assertThat(users.register(Optional.empty(), EMAIL, NAME)).isEqualTo(new RegisterUser.Result.Registered(REGISTERED));
    assertThat(store.load(User.key(ID)).orElseThrow().state()).isEqualTo(REGISTERED);
    assertThat(store.load(EmailClaim.key(EMAIL)).orElseThrow().state()).isEqualTo(new EmailClaim(EMAIL, ID));
    assertThat(store.events()).isEqualTo(Cause.of(REQUEST).record(NOW, created()));
    assertThat(store.requests()).containsExactly(REQUEST);
  }

  @Test
  void needs_no_name() {
    users.register(Optional.empty(), EMAIL, Optional.empty());
    assertThat(store.load(User.key(ID)).orElseThrow().state().name()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Ada@example.com", "ada@example.com", "ADA@EXAMPLE.COM"})
  void refuses_an_address_that_is_taken_in_any_case(String email) {
    users.register(Optional.empty(), EMAIL, NAME);
    assertThat(users.register(Optional.empty(), new EmailAddress(email), NAME))
        .isEqualTo(new RegisterUser.Result.EmailTaken());
    assertThat(store.size()).isEqualTo(2);
    assertThat(store.events()).hasSize(1);
  }

  @Test
  void another_address_is_another_user() {
    users.register(Optional.empty(), EMAIL, NAME);
    assertThat(users.register(Optional.empty(), new EmailAddress("bob@example.com"), NAME))
        .isInstanceOf(RegisterUser.Result.Registered.class);
    assertThat(store.events()).extracting(Recorded::id).doesNotHaveDuplicates().hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(Trouble.class)
  void asks_again_under_the_same_id_where_the_store_did_not_confirm(Trouble trouble) {
    store.expect(trouble);
    assertThat(users.register(Optional.empty(), EMAIL, NAME)).isEqualTo(new RegisterUser.Result.Registered(REGISTERED));
    assertThat(store.requests()).containsExactly(REQUEST, REQUEST);
    assertThat(store.events()).extracting(Recorded::id)
        .containsExactly(new EventId(DerivedId.of(id(1).toString(), "user_created", "0")));
  }

  @ParameterizedTest
  @EnumSource(Trouble.class)
  void fails_where_the_store_stays_away(Trouble trouble) {
    store.expect(trouble, NOT_STORED);
    assertThatThrownBy(() -> users.register(Optional.empty(), EMAIL, NAME))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(store.requests()).containsExactly(REQUEST, REQUEST);
  }

  @Test
  void an_address_is_taken_even_where_the_first_answer_was_lost() {
    users.register(Optional.empty(), EMAIL, NAME);
    store.expect(REPLY_LOST);
    assertThat(users.register(Optional.empty(), EMAIL, NAME)).isEqualTo(new RegisterUser.Result.EmailTaken());
  }

  private static List<UserCreated> created() {
    return List.of(new UserCreated(ID, EMAIL, NAME));
  }

  @Test
  void tells_registrations_under_one_key_apart_by_address_and_name() {
    Optional<IdempotencyKey> key = Optional.of(new IdempotencyKey("key"));
    var registered = (RegisterUser.Result.Registered) users.register(key, EMAIL, NAME);
    assertThat(users.register(key, EMAIL, NAME)).isEqualTo(new RegisterUser.Result.Replayed(registered.user()));
    assertThat(users.register(key, EMAIL, Optional.empty())).isEqualTo(new RegisterUser.Result.KeyReused());
    assertThat(users.register(key, new EmailAddress("bob@example.com"), NAME))
        .isEqualTo(new RegisterUser.Result.KeyReused());
    assertThat(store.events()).hasSize(1);
  }
}
