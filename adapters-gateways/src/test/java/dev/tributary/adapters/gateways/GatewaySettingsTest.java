package dev.tributary.adapters.gateways;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewaySettingsTest {

  @ParameterizedTest
  @ValueSource(strings = {"smtp://mail.example", "smtp://mail.example:2525/", "SMTPS://[::1]:465",
      "smtp://ada:p%40ss@mail.example:25", "smtps://ada:@mail.example"})
  void takes_mail_servers(String url) {
    assertThatCode(() -> smtp(url)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://pay.example", "https://pay.example:8443/v1/", "HTTP://127.0.0.1:1"})
  void takes_services(String url) {
    assertThatCode(() -> payments(url)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"http://ada:hunter2@mail.example, smtp must start with smtp:// or smtps://",
      "mail.example, smtp must start with", "smtp:ada:hunter2, smtp must name a host",
      "smtp://ada:hunter2@mail_server:25, smtp must name a host", "smtp://ada:hunter2@mail.example:0, port from 1 to",
      "smtp://ada:hunter2@mail.example:65536, port from 1 to", "smtp://hunter2@mail.example, must have user:pass",
      "smtp://:hunter2@mail.example, must have user:pass", "smtp://ada:hunter2@mail.example/x, must not have a path",
      "smtp://ada:hunter2@mail.example?x=1, must not have a query"})
  void says_what_is_wrong_with_a_mail_server_and_keeps_the_password(String url, String fault) {
    assertThatThrownBy(() -> smtp(url)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(fault)
        .hasMessageNotContaining("hunter2");
  }

  @ParameterizedTest
  @CsvSource({"ftp://pay.example, payments must start with http:// or https://",
      "http:/pay, payments must name a host", "http://ada:hunter2@pay.example, must not have a user",
      "http://pay.example?key=hunter2, must not have a query", "http://pay.example#hunter2, or a fragment"})
  void says_what_is_wrong_with_a_service_and_keeps_the_password(String url, String fault) {
    assertThatThrownBy(() -> payments(url)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(fault)
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void names_every_fault() {
    var wrong = Optional.of(URI.create("x://h"));
    assertThatThrownBy(() -> new GatewaySettings(wrong, wrong, wrong)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("smtp must", "; payments must", "; shipping must");
  }

  @Test
  void shows_places_and_no_password() {
    assertThat(smtp("smtp://ada:hunter2@mail.example:25"))
        .hasToString("GatewaySettings[smtp=smtp://mail.example:25, payments=simulated, shipping=simulated]");
    assertThat(SmtpServer.of(URI.create("smtp://ada:hunter2@mail.example:25")).toString()).contains("mail.example")
        .doesNotContain("hunter2");
  }

  @Test
  void knows_the_ports_and_decodes_the_login() {
    assertThat(SmtpServer.of(URI.create("smtp://mail.example"))).extracting(SmtpServer::port).isEqualTo(25);
    assertThat(SmtpServer.of(URI.create("SMTPS://mail.example"))).extracting(SmtpServer::port).isEqualTo(465);
    assertThat(SmtpServer.of(URI.create("smtp://a%40b+c:p%3Aq:r%25%C3%A9@h")).login())
        .contains(new SmtpServer.Login("a@b+c", "p:q:r%é"));
  }

  private static GatewaySettings smtp(String url) {
    return new GatewaySettings(Optional.of(URI.create(url)), Optional.empty(), Optional.empty());
  }

  private static GatewaySettings payments(String url) {
    return new GatewaySettings(Optional.empty(), Optional.of(URI.create(url)), Optional.empty());
  }
}
