package dev.tributary.application;

import static dev.tributary.application.Samples.CLOCK;
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
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Work;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.User;
import dev.tributary.domain.user.UserName;
import dev.tributary.domain.user.Welcome;
import dev.tributary.domain.user.WelcomeEmailSent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SendWelcomeEmailTest {

  private record Mail(EventId cause, EmailAddress to, Optional<UserName> name) {}

  private static final Mail MAIL = new Mail(delivery(USER_CREATED).id(), EMAIL, NAME);
  private static final Outcome WELCOMED = new Outcome.Settled(
      new Work(List.of(Change.creation(Welcome.key(USER_ID), new Welcome(USER_ID, EMAIL, NOW))),
          List.of(following(new WelcomeEmailSent(USER_ID, EMAIL)))));

  private final FakeStore store = new FakeStore();
  private final List<Mail> mails = new ArrayList<>();
  private Answer<Mailer.Sent> answer = new Answer.Done<>(new Mailer.Sent("1@example.com"));
  private final SendWelcomeEmail handler = new SendWelcomeEmail(store, this::send, CLOCK);

  @Test
  void welcomes_a_new_user() throws Exception {
    store.hold(User.key(USER_ID), USER);
    assertThat(handler.handle(delivery(USER_CREATED))).isEqualTo(WELCOMED);
    assertThat(mails).containsExactly(MAIL);
  }

  @Test
  void serves_a_user_whom_we_do_not_hold() throws Exception {
    assertThat(handler.handle(delivery(USER_CREATED))).isEqualTo(WELCOMED);
    assertThat(mails).containsExactly(MAIL);
  }

  @Test
  void sends_no_second_mail_once_the_first_is_stored() throws Exception {
    store.settle(handler.handle(delivery(USER_CREATED)));
    assertThat(handler.handle(delivery(USER_CREATED, 2))).isEqualTo(Outcome.SETTLED);
    assertThat(mails).hasSize(1);
    assertThat(store.events()).hasSize(1);
  }

  @Test
  void a_repetition_is_the_same_mail_and_the_same_work() throws Exception {
    assertThat(handler.handle(delivery(USER_CREATED, 1))).isEqualTo(handler.handle(delivery(USER_CREATED, 2)));
    assertThat(mails).containsExactly(MAIL, MAIL);
  }

  @Test
  void tries_again_when_the_mail_server_asks_for_it() throws Exception {
    answer = new Answer.Unavailable<>(Optional.of(Duration.ofSeconds(30)), "busy");
    assertThat(handler.handle(delivery(USER_CREATED)))
        .isEqualTo(new Outcome.Retry(Optional.of(Duration.ofSeconds(30)), "busy"));
    answer = new Answer.Unavailable<>(Optional.empty(), "no answer");
    assertThat(handler.handle(delivery(USER_CREATED))).isEqualTo(new Outcome.Retry(Optional.empty(), "no answer"));
  }

  @Test
  void gives_up_on_an_address_that_the_mail_server_refuses() throws Exception {
    answer = new Answer.Refused<>("no such mailbox");
    assertThat(handler.handle(delivery(USER_CREATED))).isEqualTo(new Outcome.Rejected("no such mailbox"));
  }

  @Test
  void sends_nothing_while_the_store_is_away() {
    store.goAway();
    assertThatThrownBy(() -> handler.handle(delivery(USER_CREATED))).isInstanceOf(StoreUnavailableException.class);
    assertThat(mails).isEmpty();
  }

  @Test
  void lets_an_interruption_through() {
    var interrupted = new SendWelcomeEmail(store, (_, _, _) -> {
      throw new InterruptedException();
    }, CLOCK);
    assertThatThrownBy(() -> interrupted.handle(delivery(USER_CREATED))).isInstanceOf(InterruptedException.class);
  }

  private Answer<Mailer.Sent> send(EventId cause, EmailAddress to, Optional<UserName> name) {
    mails.add(new Mail(cause, to, name));
    return answer;
  }
}
