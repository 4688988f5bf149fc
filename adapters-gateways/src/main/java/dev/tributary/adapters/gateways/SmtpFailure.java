package dev.tributary.adapters.gateways;

import dev.tributary.application.Answer;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.util.MailConnectException;

/**
 * Why a mail was not taken, in our own words: a server's text may hold anything.
 *
 * @param hopeless whether this very mail will never be taken; a fault that an operator can mend is not hopeless
 */
record SmtpFailure(boolean hopeless, String reason) {

  /** Replies that ask for a login or find fault with it (RFC 4954), whatever they stand behind. */
  private static final Set<Integer> LOGIN_REPLIES = Set.of(530, 534, 535, 538);

  static SmtpFailure of(MessagingException e) {
    List<Throwable> chain = Stream.<Throwable>iterate(e, cause -> cause != null, Throwable::getCause).toList();
    return chain.stream()
        .flatMap(cause -> rejection(cause).stream())
        .findFirst()
        .orElseGet(() -> new SmtpFailure(false, trouble(chain)));
  }

  <T> Answer<T> toAnswer() {
    return hopeless ? new Answer.Refused<>(reason) : new Answer.Unavailable<>(Optional.empty(), reason);
  }

  private static Optional<SmtpFailure> rejection(Throwable cause) {
    return switch (cause) {
      case SMTPAddressFailedException e -> Optional.of(rejected("recipient", e.getReturnCode()));
      case SMTPSendFailedException e when e.getCommand().startsWith("MAIL") -> Optional.of(rejectedSender(e));
      case SMTPSendFailedException e -> Optional.of(rejected("mail", e.getReturnCode()));
      default -> Optional.empty();
    };
  }

  private static SmtpFailure rejected(String what, int reply) {
    if (reply < 0) {
      return new SmtpFailure(false, "the mail server broke off the connection");
    }
    boolean hopeless = reply >= 500 && reply <= 599 && !LOGIN_REPLIES.contains(reply);
    return new SmtpFailure(hopeless, "the mail server answered " + reply + " to the " + what);
  }

  /** Says something of us, nothing of this mail. */
  private static SmtpFailure rejectedSender(SMTPSendFailedException e) {
    return new SmtpFailure(false, rejected("sender", e.getReturnCode()).reason());
  }

  private static String trouble(List<Throwable> chain) {
    if (has(chain, NoLoginException.class)) {
      return "the mail server offers no login";
    }
    if (has(chain, AuthenticationFailedException.class)) {
      return "the mail server did not accept user and password";
    }
    if (has(chain, SSLException.class)) {
      return "no trusted TLS connection to the mail server";
    }
    if (has(chain, SocketTimeoutException.class)) {
      return "the mail server did not answer in time";
    }
    return has(chain, MailConnectException.class)
        ? "no connection to the mail server"
        : "the mail server is not ready or broke off the connection";
  }

  private static boolean has(List<Throwable> chain, Class<? extends Throwable> type) {
    return chain.stream().anyMatch(type::isInstance);
  }

  /** A user and a password are set, but the server does not ask for them. */
  static final class NoLoginException extends MessagingException {

    private static final long serialVersionUID = 1;
  }
}
