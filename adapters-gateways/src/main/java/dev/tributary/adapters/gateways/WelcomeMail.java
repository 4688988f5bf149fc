package dev.tributary.adapters.gateways;

import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.UserName;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;

/** The mail itself. Of what users wrote, only the address reaches a header, and its syntax has no room for a second one. */
final class WelcomeMail extends MimeMessage {

  private static final String FROM = "welcome@tributary.dev";
  private static final String SUBJECT = "Welcome to Tributary";

  private final String messageId;
  private final InternetAddress recipient;

  private WelcomeMail(Session session, String messageId, EmailAddress to) {
    super(session);
    this.messageId = messageId;
    this.recipient = recipient(to);
  }

  /** @param messageId without brackets */
  static WelcomeMail write(Session session, String messageId, EmailAddress to, Optional<UserName> name, Instant at)
      throws MessagingException {
    var mail = new WelcomeMail(session, messageId, to);
    mail.setFrom(new InternetAddress(FROM));
    mail.setRecipient(RecipientType.TO, mail.recipient);
    mail.setSubject(SUBJECT);
    mail.setSentDate(Date.from(at));
    mail.setHeader("Auto-Submitted", "auto-generated");
    mail.setText(text(name), StandardCharsets.UTF_8.name());
    mail.saveChanges();
    return mail;
  }

  /** Not parsed again: EmailAddress did, and jakarta.mail refuses addresses in use, such as {@code a..b@example.com}. */
  private static InternetAddress recipient(EmailAddress to) {
    var recipient = new InternetAddress();
    recipient.setAddress(to.value());
    return recipient;
  }

  private static String text(Optional<UserName> name) {
    return "Hello" + name.map(known -> " " + known.value()).orElse("") + ",\r\n\r\nwelcome to Tributary.\r\n";
  }

  /** To be sent to this, not to {@link #getAllRecipients()}, which parses the header again. */
  InternetAddress recipient() {
    return recipient;
  }

  /** Called whenever the mail is saved, to make up a new id: ours stays. */
  @Override
  protected void updateMessageID() throws MessagingException {
    setHeader("Message-ID", "<" + messageId + ">");
  }
}
