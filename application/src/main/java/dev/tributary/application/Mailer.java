package dev.tributary.application;

import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.UserName;
import java.util.Optional;

/** Sends mail. */
public interface Mailer {

  /**
   * Blocks until the mail server has taken the mail or refused it.
   *
   * @param cause the same for every attempt at the same mail: it names the message, so that mail systems can tell a repetition
   * @param name untrusted text; never to reach a header as it is
   */
  Answer<Sent> sendWelcome(EventId cause, EmailAddress to, Optional<UserName> name) throws InterruptedException;

  /** @param messageId the mail's {@code Message-ID}, without brackets */
  record Sent(String messageId) {}
}
