package dev.tributary.adapters.gateways;

import dev.tributary.application.Answer;
import dev.tributary.application.Mailer;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.UserName;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mail over SMTP, one connection for each mail. A step (connecting, one reply, one write) may take 10 s. Interrupting a virtual thread cuts its
 * connection; a platform thread is only stopped before the mail.
 */
final class SmtpMailer implements Mailer {

  private static final Logger log = LoggerFactory.getLogger(SmtpMailer.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final SmtpServer server;
  private final InstantSource clock;
  private final Session session;

  SmtpMailer(SmtpServer server, InstantSource clock) {
    this(server, clock, TIMEOUT);
  }

  SmtpMailer(SmtpServer server, InstantSource clock, Duration timeout) {
    this.server = server;
    this.clock = clock;
    this.session = Session.getInstance(properties(server, timeout));
  }

  private static Properties properties(SmtpServer server, Duration timeout) {
    String prefix = "mail." + server.protocol() + ".";
    String millis = Long.toString(timeout.toMillis());
    var properties = new Properties();
    properties.setProperty(prefix + "connectiontimeout", millis);
    properties.setProperty(prefix + "timeout", millis);
    properties.setProperty(prefix + "writetimeout", millis);
    properties.setProperty(prefix + "auth", Boolean.toString(server.login().isPresent()));
    properties.setProperty(prefix + "starttls.enable", "true");
    properties.setProperty(prefix + "ssl.checkserveridentity", "true");
    // The mail is taken once its last dot was answered; what the server says to our goodbye changes nothing.
    properties.setProperty(prefix + "quitwait", "false");
    return properties;
  }

  @Override
  public Answer<Sent> sendWelcome(EventId cause, EmailAddress to, Optional<UserName> name) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted before the mail was sent");
    }
    String messageId = messageId(cause);
    try {
      send(WelcomeMail.write(session, messageId, to, name, clock.instant()));
      return new Answer.Done<>(new Sent(messageId));
    } catch (MessagingException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while the mail was sent");
      }
      return SmtpFailure.of(e).toAnswer();
    }
  }

  /** Without brackets; simulated mails have it too. */
  static String messageId(EventId cause) {
    return cause + "@tributary.dev";
  }

  private void send(WelcomeMail mail) throws MessagingException {
    var transport = (SMTPTransport) session.getTransport(server.protocol());
    try {
      connect(transport);
      transport.sendMessage(mail, new Address[]{mail.recipient()});
    } finally {
      closeQuietly(transport);
    }
  }

  private void connect(SMTPTransport transport) throws MessagingException {
    if (server.login().isEmpty()) {
      transport.connect(server.host(), server.port(), null, null);
      return;
    }
    SmtpServer.Login login = server.login().get();
    transport.connect(server.host(), server.port(), login.user(), login.password());
    // Angus goes on without a login then; the server would refuse the recipient, and the mail would count as hopeless.
    if (!transport.supportsExtension("AUTH") && !transport.supportsExtension("AUTH=LOGIN")) {
      throw new SmtpFailure.NoLoginException();
    }
  }

  /** A mail that was taken stays taken, however the connection ends. */
  private static void closeQuietly(SMTPTransport transport) {
    try {
      transport.close();
    } catch (MessagingException e) {
      log.debug("closing the connection to the mail server failed", e);
    }
  }
}
