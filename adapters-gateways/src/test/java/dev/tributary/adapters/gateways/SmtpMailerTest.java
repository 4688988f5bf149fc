package dev.tributary.adapters.gateways;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.tributary.application.Answer;
import dev.tributary.application.Mailer.Sent;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.UserName;
import jakarta.mail.internet.MimeMessage;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mails as a mail server takes them. */
class SmtpMailerTest {

  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final EventId CAUSE = new EventId(UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057"));
  private static final String MESSAGE_ID = "01890a5d-ac96-774b-bcce-b302099a8057@tributary.dev";
  private static final EmailAddress ADA = new EmailAddress("ada@example.com");

  private final GreenMail server = new GreenMail(setup());

  private static ServerSetup setup() {
    var setup = new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP);
    setup.setServerStartupTimeout(20_000);
    return setup;
  }

  @BeforeEach
  void starts() {
    server.start();
  }

  @AfterEach
  void stops() {
    server.stop();
  }

  @Test
  void welcomes_by_name() throws Exception {
    assertThat(mailer("").sendWelcome(CAUSE, ADA, Optional.of(new UserName("Ada"))))
        .isEqualTo(new Answer.Done<>(new Sent(MESSAGE_ID)));
    MimeMessage mail = only();
    assertThat(mail.getHeader("Message-ID")).containsExactly("<" + MESSAGE_ID + ">");
    assertThat(mail.getHeader("From")).containsExactly("welcome@tributary.dev");
    assertThat(mail.getHeader("To")).containsExactly("ada@example.com");
    assertThat(mail.getHeader("Subject")).containsExactly("Welcome to Tributary");
    assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
    assertThat(mail.getSentDate().toInstant()).isEqualTo(NOW);
    assertThat(mail.getContentType()).isEqualToIgnoringCase("text/plain; charset=UTF-8");
    assertThat(text(mail)).isEqualTo("Hello Ada,\r\n\r\nwelcome to Tributary.");
  }

  @Test
  void welcomes_without_a_name() throws Exception {
    mailer("").sendWelcome(CAUSE, ADA, Optional.empty());
    assertThat(text(only())).isEqualTo("Hello,\r\n\r\nwelcome to Tributary.");
  }

  @Test
  void names_every_attempt_at_a_mail_alike() throws Exception {
    mailer("").sendWelcome(CAUSE, ADA, Optional.empty());
    mailer("").sendWelcome(CAUSE, ADA, Optional.empty());
    assertThat(server.getReceivedMessages()).hasSize(2)
        .allSatisfy(
            mail -> assertThat(mail.getHeader("Message-ID")).containsExactly("<" + MESSAGE_ID + ">"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Åsa Öberg 李 😀", "Bcc: eve@evil.example", ".", "=?utf-8?q?x?=",
      "%0d%0aBcc: eve@evil.example",
      "\\r\\nBcc: eve@evil.example", "<script>", "\u202Eeve"})
  void keeps_a_name_in_the_text(String name) throws Exception {
    mailer("").sendWelcome(CAUSE, ADA, Optional.of(new UserName(name)));
    assertThat(text(only())).isEqualTo("Hello " + name + ",\r\n\r\nwelcome to Tributary.");
    assertThat(only().getHeader("Bcc")).isNull();
    assertThat(Collections.list(only().getAllHeaderLines())).noneMatch(line -> line.contains("eve"));
  }

  @Test
  void has_no_room_for_line_breaks_in_names_and_addresses() {
    assertThatThrownBy(() -> new UserName("Ada\r\nBcc: eve@evil.example")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new EmailAddress("ada@example.com\r\nBcc: eve@evil.example"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new EmailAddress("ada@example.com, eve@evil.example"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void welcomes_the_longest_name() throws Exception {
    String longest = "😀".repeat(200);
    mailer("").sendWelcome(CAUSE, ADA, Optional.of(new UserName(longest)));
    assertThat(text(only())).startsWith("Hello " + longest + ",\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a..b@example.com", ".a.@example.com", "o'hara+news@example.com", "{a|b}`~^$@x",
      "=?@example.com"})
  void writes_to_every_address_that_users_may_have(String address) throws Exception {
    assertThat(mailer("").sendWelcome(CAUSE, new EmailAddress(address), Optional.empty()))
        .isInstanceOf(Answer.Done.class);
    assertThat(only().getHeader("To")).containsExactly(address);
  }

  @Test
  void logs_in_with_a_decoded_password() throws Exception {
    server.setUser("ada@example.com", "ada@example.com", "p:@ss+%é");
    assertThat(mailer("ada%40example.com:p:%40ss+%25%C3%A9@").sendWelcome(CAUSE, ADA, Optional.empty()))
        .isInstanceOf(Answer.Done.class);
  }

  @Test
  void may_work_later_after_a_wrong_password_and_shows_it_nowhere() throws Exception {
    server.setUser("ada@example.com", "ada", "right");
    try (var log = new CapturedLog()) {
      Answer<Sent> answer = mailer("ada:hunter2@").sendWelcome(CAUSE, ADA, Optional.empty());
      assertThat(answer).isEqualTo(
          new Answer.Unavailable<>(Optional.empty(), "the mail server did not accept user and password"));
      assertThat(answer.toString() + log.lines()).doesNotContain("hunter2");
      assertThat(server.getReceivedMessages()).isEmpty();
    }
  }

  @Test
  void may_work_later_while_the_server_is_away() throws Exception {
    SmtpMailer mailer = mailer("");
    server.stop();
    assertThat(mailer.sendWelcome(CAUSE, ADA, Optional.empty()))
        .isEqualTo(new Answer.Unavailable<>(Optional.empty(), "no connection to the mail server"));
  }

  @Test
  void sends_nothing_once_interrupted() throws Exception {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> mailer("").sendWelcome(CAUSE, ADA, Optional.empty()))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
    assertThat(server.getReceivedMessages()).isEmpty();
  }

  private SmtpMailer mailer(String login) {
    URI uri = URI.create("smtp://" + login + "127.0.0.1:" + server.getSmtp().getPort());
    return new SmtpMailer(SmtpServer.of(uri), InstantSource.fixed(NOW));
  }

  private MimeMessage only() {
    assertThat(server.getReceivedMessages()).hasSize(1);
    return server.getReceivedMessages()[0];
  }

  private static String text(MimeMessage mail) throws Exception {
    return mail.getContent().toString().stripTrailing();
  }
}
