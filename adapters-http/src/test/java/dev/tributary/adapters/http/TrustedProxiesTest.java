package dev.tributary.adapters.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.domain.messaging.EntryId;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Seen by who is said to have asked in the audit log. */
class TrustedProxiesTest {

  @ParameterizedTest
  @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
      127.0.0.0/8             | 203.0.113.7                         | 203.0.113.7
      127.0.0.1               | 203.0.113.7                         | 203.0.113.7
      127.0.0.1,10.0.0.0/8    | 198.51.100.1, 203.0.113.7, 10.1.2.3 | 203.0.113.7
      127.0.0.1               | 198.51.100.1, 203.0.113.7           | 203.0.113.7
      127.0.0.1               | 2001:db8::1                         | 2001:db8:0:0:0:0:0:1
      127.0.0.1,2001:db8::/32 | 203.0.113.7,2001:db8::9             | 203.0.113.7
      0.0.0.0/0               | 203.0.113.7, 198.51.100.1           | 203.0.113.7
      127.0.0.1               | nonsense                            | 127.0.0.1
      127.0.0.1               | 203.0.113.7, localhost              | 127.0.0.1
      127.0.0.1               | -                                   | 127.0.0.1
      10.0.0.0/8              | 203.0.113.7                         | 127.0.0.1
      -                       | 203.0.113.7                         | 127.0.0.1
      """)
  void theClientIsTheLastAddressThatIsNoTrustedProxys(String proxies, String forwarded, String client) {
    List<String> trusted = proxies == null ? List.of() : List.of(proxies.split(","));
    try (var api = TestApi.start(limits(trusted))) {
      var request = api.authorized("/ops/dead-letters/discard")
          .header("Content-Type", "application/json")
          .POST(BodyPublishers.ofString(
              "{\"stream\":\"user-events\",\"group\":\"email-processors\",\"ids\":[\"1-1\"]}"));
      if (forwarded != null) {
        request.header("X-Forwarded-For", forwarded);
      }
      api.send(request).expect(200);

      assertThat(api.messaging.auditLog().read(EntryId.START, 10)).singleElement()
          .satisfies(deed -> assertThat(deed.who()).contains(client));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "localhost", "10.0.0.0/33", "10.0.0.0/", "::1/129", "10.0.0.0/-1", "a/8"})
  void whatIsNoAddressOrNetworkIsRefused(String network) {
    assertThatThrownBy(() -> limits(List.of(network))).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + network + "'");
  }

  @Test
  void behindATlsProxyTheCookieIsForTlsAlone() {
    try (var api = TestApi.start(limits(List.of("127.0.0.1")))) {
      assertThat(login(api, "X-Forwarded-Proto: https", "Origin: https://a")).contains("303", "Secure");
      assertThat(login(api, "X-Forwarded-Proto: http", "Origin: http://a")).contains("303").doesNotContain("Secure");
    }
    try (var api = TestApi.start(limits(List.of()))) {
      assertThat(login(api, "X-Forwarded-Proto: https", "Origin: http://a")).contains("303").doesNotContain("Secure");
    }
  }

  private static String login(TestApi api, String... headers) {
    String body = "token=" + TestApi.TOKEN;
    return api.rawText("POST /ops/login HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + String.join("\r\n", headers)
        + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " + body.length() + "\r\n\r\n"
        + body);
  }

  private static HttpSettings.Limits limits(List<String> proxies) {
    return new HttpSettings.Limits(100, OptionalInt.empty(), proxies, OptionalLong.empty(), Duration.ofSeconds(10),
        Duration.ofSeconds(10), Duration.ofSeconds(10));
  }
}
