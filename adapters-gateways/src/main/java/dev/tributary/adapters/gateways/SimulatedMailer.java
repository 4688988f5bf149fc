package dev.tributary.adapters.gateways;

import dev.tributary.application.Answer;
import dev.tributary.application.Mailer;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.UserName;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes every mail and sends none. */
final class SimulatedMailer implements Mailer {

  private static final Logger log = LoggerFactory.getLogger(SimulatedMailer.class);

  @Override
  public Answer<Sent> sendWelcome(EventId cause, EmailAddress to, Optional<UserName> name) {
    String messageId = SmtpMailer.messageId(cause);
    // The name is free text in any script; an address is plain ASCII by its syntax.
    log.info("simulated mail: welcome to {}, Message-ID {}", to, messageId);
    return new Answer.Done<>(new Sent(messageId));
  }
}
