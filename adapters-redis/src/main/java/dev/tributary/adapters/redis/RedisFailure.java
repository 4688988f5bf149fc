package dev.tributary.adapters.redis;

import static java.util.Map.entry;

import dev.tributary.application.DeliveryMonitor.StoreFailure;
import dev.tributary.application.StoreUnavailableException;
import io.lettuce.core.RedisBusyException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisLoadingException;
import io.lettuce.core.RedisReadOnlyException;
import io.lettuce.core.cluster.PartitionSelectorException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What it means when Redis does not do what it was asked to.
 *
 * @param kind to whoever counts failures; empty for errors that are answers: that something is not there
 * @param words to a client: what Redis does
 */
record RedisFailure(Optional<StoreFailure> kind, String words) {

  private static final RedisFailure NO_MASTER = new RedisFailure(StoreFailure.CLUSTER_DOWN,
      "has no master for this partition");
  private static final RedisFailure MOVING = new RedisFailure(StoreFailure.CLUSTER_DOWN,
      "is moving this partition to another node");
  private static final RedisFailure PASSWORD = new RedisFailure(StoreFailure.FORBIDDEN, "does not take our password");
  private static final RedisFailure OTHER = new RedisFailure(StoreFailure.OTHER, "answers with an error");
  private static final RedisFailure NO_KEY = new RedisFailure(Optional.empty(), OTHER.words());

  private static final Map<String, RedisFailure> BY_FIRST_WORD = Map.ofEntries(
      entry("OOM", new RedisFailure(StoreFailure.OUT_OF_MEMORY, "has no memory left")),
      entry("MISCONF", new RedisFailure(StoreFailure.DISK, "cannot write to its disk")),
      entry("NOAUTH", PASSWORD),
      entry("WRONGPASS", PASSWORD),
      entry("NOPERM", new RedisFailure(StoreFailure.FORBIDDEN, "does not give us the rights we need")),
      entry("CLUSTERDOWN", NO_MASTER),
      entry("TRYAGAIN", MOVING),
      entry("MOVED", MOVING),
      entry("ASK", MOVING),
      entry("NOGROUP", new RedisFailure(Optional.empty(), "has lost the group")));

  private RedisFailure(StoreFailure kind, String words) {
    this(Optional.of(kind), words);
  }

  /** Empty for errors that are answers: that something is not there. */
  static Optional<StoreFailure> kindOf(@Nullable Throwable cause) {
    return answer(cause).map(RedisFailure::kind).orElse(Optional.of(StoreFailure.UNREACHABLE));
  }

  /** In our own words, which a client may see; the server's are in the cause. */
  static StoreUnavailableException unavailable(Throwable cause) {
    return cause instanceof StoreUnavailableException known
        ? known
        : new StoreUnavailableException("Redis " + wordsOf(cause), cause);
  }

  /** Whether this was no answer, or that of a server that is no longer the one to talk to: a new connection may help. */
  static boolean isNoAnswer(StoreUnavailableException failure) {
    return failure.getCause() instanceof RedisCommandTimeoutException
        || failure.getCause() instanceof RedisReadOnlyException;
  }

  /** @param code an error's first word, as Redis sends it */
  static boolean says(StoreUnavailableException failure, String code) {
    Throwable cause = failure.getCause();
    return cause != null && cause.getMessage() != null && cause.getMessage().startsWith(code);
  }

  /** Empty if it could not be reached at all. */
  private static Optional<RedisFailure> answer(@Nullable Throwable cause) {
    return switch (cause) {
      case RedisCommandTimeoutException _ ->
        Optional.of(new RedisFailure(StoreFailure.TIMEOUT, "does not answer in time"));
      case RedisLoadingException _ -> Optional.of(new RedisFailure(StoreFailure.LOADING, "is loading its data"));
      case RedisReadOnlyException _ -> Optional.of(new RedisFailure(StoreFailure.READ_ONLY, "is read-only"));
      case RedisBusyException _ -> Optional.of(new RedisFailure(StoreFailure.BUSY, "is busy with a script"));
      case PartitionSelectorException _ -> Optional.of(NO_MASTER);
      case RedisCommandExecutionException error -> Optional.of(error(String.valueOf(error.getMessage())));
      case null, default -> Optional.empty();
    };
  }

  private static RedisFailure error(String message) {
    return message.startsWith("ERR no such key")
        ? NO_KEY
        : BY_FIRST_WORD.getOrDefault(message.split(" ", 2)[0], OTHER);
  }

  private static String wordsOf(Throwable cause) {
    return answer(cause).map(RedisFailure::words).orElseGet(() -> whyUnreachable(cause));
  }

  private static String whyUnreachable(Throwable cause) {
    return switch (cause) {
      case CertificateExpiredException _ -> "shows a certificate that has expired";
      case CertPathBuilderException _,CertPathValidatorException _ when !(cause
          .getCause() instanceof CertificateException) ->
        "shows a certificate that no CA we trust has signed";
      case CertificateException names when names.getCause() == null ->
        "shows a certificate that is not for this host name";
      case SSLException tls when tls.getCause() == null -> "does not agree with us on TLS";
      // What went wrong while connecting lies some causes down.
      default -> cause.getCause() == null ? "cannot be reached" : wordsOf(cause.getCause());
    };
  }
}
