package dev.tributary.adapters.gateways;

import static dev.tributary.adapters.gateways.ScriptedSmtpServer.CLOSE;
import static dev.tributary.adapters.gateways.ScriptedSmtpServer.HANG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tributary.application.Answer;
import dev.tributary.application.Mailer.Sent;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.user.EmailAddress;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a mail that a server does not take, or not at once. */
class SmtpFailureTest {

  private static final Duration SHORT = Duration.ofMillis(300);
  private static final EventId CAUSE = new EventId(UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057"));
  private static final EmailAddress ADA = new EmailAddress("ada@example.com");

  /** Angus times writes with a thread for each connection, which ends when the connection is closed. */
  @AfterEach
  void leaves_no_thread() {
    await().pollDelay(Duration.ZERO)
        .until(() -> Thread.getAllStackTraces()
            .keySet()
            .stream()
            .noneMatch(thread -> thread.getName().startsWith("pool-")));
  }

  @ParameterizedTest
  @CsvSource({"RCPT, 550, recipient", "RCPT, 501, recipient", "RCPT, 552, recipient", "RCPT, 554, recipient",
      "RCPT, 521, recipient", "DATA, 554, mail", "., 554, mail", "., 552, mail", "., 550, mail"})
  void never_works(String word, int reply, String what) throws Exception {
    assertThat(answer(Map.of(word, reply + " secret text")))
        .isEqualTo(new Answer.Refused<>("the mail server answered " + reply + " to the " + what));
  }

  @ParameterizedTest
  @CsvSource({"MAIL, 421, sender", "MAIL, 451, sender", "MAIL, 550, sender", "MAIL, 530, sender",
      "RCPT, 421, recipient",
      "RCPT, 450, recipient", "RCPT, 451, recipient", "RCPT, 452, recipient", "RCPT, 471, recipient",
      "RCPT, 530, recipient", "RCPT, 535, recipient", "RCPT, 354, recipient", "DATA, 451, mail", "DATA, 250, mail",
      "., 421, mail", "., 451, mail", "., 452, mail"})
  void may_work_later(String word, int reply, String what) throws Exception {
    assertThat(answer(Map.of(word, reply + " secret text")))
        .isEqualTo(unavailable("the mail server answered " + reply + " to the " + what));
  }

  @ParameterizedTest
  @ValueSource(strings = {"421 come later", "554 go away", "hello secret", CLOSE})
  void may_work_later_after_a_bad_greeting(String greeting) throws Exception {
    assertThat(answer(Map.of("GREETING", greeting)))
        .isEqualTo(unavailable("the mail server is not ready or broke off the connection"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"EHLO", "MAIL", "RCPT", "DATA", "."})
  void may_work_later_after_a_broken_connection(String word) throws Exception {
    assertThat(answer(Map.of(word, CLOSE))).isInstanceOfSatisfying(Answer.Unavailable.class,
        answer -> assertThat(answer.reason()).contains("broke off the connection"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GREETING", "EHLO", "MAIL", "RCPT", "DATA", "."})
  void waits_no_longer_than_its_timeout_wherever_the_server_stops(String word) throws Exception {
    try (var server = new ScriptedSmtpServer(Map.of(word, HANG))) {
      assertThat(impatient("smtp://127.0.0.1:" + server.port()).sendWelcome(CAUSE, ADA, Optional.empty()))
          .isEqualTo(unavailable("the mail server did not answer in time"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {HANG, CLOSE, "500 no"})
  void a_mail_that_was_taken_stays_taken_whatever_follows(String goodbye) throws Exception {
    assertThat(answer(Map.of("QUIT", goodbye))).isInstanceOf(Answer.Done.class);
  }

  @Test
  void closes_its_connections() throws Exception {
    try (var server = new ScriptedSmtpServer(Map.of("RCPT", "550 no"))) {
      mailer("smtp://127.0.0.1:" + server.port()).sendWelcome(CAUSE, ADA, Optional.empty());
      await().until(() -> server.ended() == 1);
    }
  }

  @Test
  void sends_no_mail_where_no_login_is_offered() throws Exception {
    try (var server = new ScriptedSmtpServer(Map.of())) {
      assertThat(mailer("smtp://ada:hunter2@127.0.0.1:" + server.port()).sendWelcome(CAUSE, ADA, Optional.empty()))
          .isEqualTo(unavailable("the mail server offers no login"));
      assertThat(server.lines()).noneMatch(line -> line.startsWith("MAIL"));
      await().until(() -> server.ended() == 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"535 wrong hunter2", "454 later", "534 weak"})
  void may_work_later_after_a_failed_login(String reply) throws Exception {
    try (var server = new ScriptedSmtpServer(Map.of("EHLO", "250-here\r\n250 AUTH PLAIN", "AUTH", reply))) {
      assertThat(mailer("smtp://ada:hunter2@127.0.0.1:" + server.port()).sendWelcome(CAUSE, ADA, Optional.empty()))
          .isEqualTo(unavailable("the mail server did not accept user and password"));
    }
  }

  @Test
  void uses_starttls_where_it_is_offered(@TempDir Path folder) throws Exception {
    SSLContext tls = SelfSigned.context(folder, "ip:127.0.0.1");
    Map<String, String> script = Map.of("EHLO", "250-here\r\n250-AUTH PLAIN\r\n250 STARTTLS", "EHLO over TLS",
        "250-here\r\n250 AUTH PLAIN", "AUTH", "235 welcome", "STARTTLS", "220 go");
    try (var server = new ScriptedSmtpServer(script, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), tls)) {
      SmtpMailer mailer = mailer("smtp://ada:hunter2@127.0.0.1:" + server.port());
      assertThat(mailer.sendWelcome(CAUSE, ADA, Optional.empty()))
          .isEqualTo(unavailable("no trusted TLS connection to the mail server"));
      assertThat(server.lines()).noneMatch(line -> line.startsWith("AUTH") || line.startsWith("MAIL"));
    }
    try (var server = new ScriptedSmtpServer(script, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), tls)) {
      SmtpMailer mailer = mailer("smtp://ada:hunter2@127.0.0.1:" + server.port());
      assertThat(trusting(tls, mailer)).isInstanceOf(Answer.Done.class);
      assertThat(server.lines().subList(1, 3)).first().isEqualTo("STARTTLS");
    }
  }

  @Test
  void speaks_tls_from_the_first_byte_over_smtps(@TempDir Path folder) throws Exception {
    SSLContext tls = SelfSigned.context(folder, "ip:127.0.0.1");
    try (var server = smtps(tls)) {
      SmtpMailer mailer = mailer("smtps://127.0.0.1:" + server.port());
      assertThat(mailer.sendWelcome(CAUSE, ADA, Optional.empty()))
          .isEqualTo(unavailable("no trusted TLS connection to the mail server"));
      assertThat(server.lines()).isEmpty();
      assertThat(trusting(tls, mailer)).isInstanceOf(Answer.Done.class);
    }
  }

  @Test
  void waits_no_longer_for_tls_that_does_not_start() throws Exception {
    try (var server = new ScriptedSmtpServer(Map.of("GREETING", HANG))) {
      assertThat(impatient("smtps://127.0.0.1:" + server.port()).sendWelcome(CAUSE, ADA, Optional.empty()))
          .isEqualTo(unavailable("the mail server did not answer in time"));
    }
  }

  @Test
  void trusts_no_certificate_of_another_host(@TempDir Path folder) throws Exception {
    SSLContext tls = SelfSigned.context(folder, "dns:elsewhere.example");
    try (var server = smtps(tls)) {
      assertThat(trusting(tls, mailer("smtps://127.0.0.1:" + server.port())))
          .isEqualTo(unavailable("no trusted TLS connection to the mail server"));
    }
  }

  @Test
  void cuts_the_connection_when_interrupted() throws Exception {
    try (var server = new ScriptedSmtpServer(Map.of("RCPT", HANG))) {
      var outcome = new CompletableFuture<Answer<Sent>>();
      var mailer = new SmtpMailer(SmtpServer.of(URI.create("smtp://127.0.0.1:" + server.port())),
          InstantSource.system());
      Thread caller = Thread.ofVirtual().start(() -> complete(outcome, mailer));
      await().until(() -> server.lines().stream().anyMatch(line -> line.startsWith("RCPT")));
      caller.interrupt();
      assertThatThrownBy(outcome::join).hasCauseInstanceOf(InterruptedException.class);
    }
  }

  private static void complete(CompletableFuture<Answer<Sent>> outcome, SmtpMailer mailer) {
    try {
      outcome.complete(mailer.sendWelcome(CAUSE, ADA, Optional.empty()));
    } catch (InterruptedException e) {
      outcome.completeExceptionally(e);
    }
  }

  private static ScriptedSmtpServer smtps(SSLContext tls) throws Exception {
    ServerSocket socket = tls.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    return new ScriptedSmtpServer(Map.of(), socket, null);
  }

  private static Answer<Sent> trusting(SSLContext tls, SmtpMailer mailer) throws Exception {
    SSLContext before = SSLContext.getDefault();
    SSLContext.setDefault(tls);
    try {
      return mailer.sendWelcome(CAUSE, ADA, Optional.empty());
    } finally {
      SSLContext.setDefault(before);
    }
  }

  private static Answer<Sent> answer(Map<String, String> script) throws Exception {
    try (var server = new ScriptedSmtpServer(script)) {
      return mailer("smtp://127.0.0.1:" + server.port()).sendWelcome(CAUSE, ADA, Optional.empty());
    }
  }

  private static SmtpMailer mailer(String uri) {
    return new SmtpMailer(SmtpServer.of(URI.create(uri)), InstantSource.system());
  }

  /** For a server that hangs: any other may take this long too, on a busy machine. */
  private static SmtpMailer impatient(String uri) {
    return new SmtpMailer(SmtpServer.of(URI.create(uri)), InstantSource.system(), SHORT);
  }

  private static Answer<Sent> unavailable(String reason) {
    return new Answer.Unavailable<>(Optional.empty(), reason);
  }
}
