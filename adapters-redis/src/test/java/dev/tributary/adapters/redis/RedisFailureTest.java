package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import java.net.ConnectException;
import java.security.SignatureException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of a connection that does not come about. */
class RedisFailureTest {

  static Stream<Arguments> failures() {
    return Stream.of(Arguments.of(new ConnectException("refused"), "cannot be reached"),
        Arguments.of(new RedisCommandExecutionException("WRONGPASS invalid"), "does not take our password"),
        Arguments.of(new CertificateException("No subject alternative names"),
            "shows a certificate that is not for this host name"),
        Arguments.of(new CertificateException(new CertPathBuilderException("no path")),
            "shows a certificate that no CA we trust has signed"),
        Arguments.of(new CertificateException(new CertPathValidatorException("bad", new SignatureException())),
            "shows a certificate that no CA we trust has signed"),
        Arguments.of(new CertificateException(new CertPathValidatorException("bad", new CertificateExpiredException())),
            "shows a certificate that has expired"),
        Arguments.of(new SSLException("not an SSL record"), "does not agree with us on TLS"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void what_went_wrong_is_said_however_deep_it_lies(Exception failure, String words) {
    var connecting = new RedisConnectionException("Unable to connect", new SSLHandshakeException("broken", failure));
    assertThat(RedisFailure.unavailable(connecting)).hasMessage("Redis " + words);
  }
}
