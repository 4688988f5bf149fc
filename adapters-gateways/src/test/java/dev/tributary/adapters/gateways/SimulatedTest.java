package dev.tributary.adapters.gateways;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.tributary.application.Answer;
import dev.tributary.application.Mailer;
import dev.tributary.application.Payments;
import dev.tributary.application.Shipping;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.order.LineItem;
import dev.tributary.domain.order.Money;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.UserId;
import dev.tributary.domain.user.UserName;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SimulatedTest {

  private static final EventId CAUSE = new EventId(UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057"));
  private static final OrderId ORDER = new OrderId("order-1");
  private static final UserId USER = new UserId("user-1");
  private static final Money PRICE = Money.parse("19.99", Money.currency("EUR"));

  private final Gateways gateways = Gateways.open(GatewaySettings.SIMULATED);

  @Test
  void answers_the_same_however_often_it_is_asked() throws Exception {
    try (gateways) {
      for (int call = 0; call < 2; call++) {
        assertThat(gateways.mailer().sendWelcome(CAUSE, new EmailAddress("ada@example.com"), Optional.empty()))
            .isEqualTo(new Answer.Done<>(new Mailer.Sent(CAUSE + "@tributary.dev")));
        assertThat(gateways.payments().capture(ORDER, USER, PRICE))
            .isEqualTo(new Answer.Done<>(new Payments.Result.Captured("simulated-order-1")));
        assertThat(gateways.shipping().ship(ORDER, USER, List.of(new LineItem("A-1", 2, PRICE))))
            .isEqualTo(new Answer.Done<>(new Shipping.Shipped("simulated-order-1")));
      }
    }
  }

  @Test
  void logs_one_line_a_call_that_says_simulated() throws Exception {
    try (gateways; var log = new CapturedLog()) {
      gateways.mailer().sendWelcome(CAUSE, new EmailAddress("ada@example.com"), Optional.empty());
      gateways.payments().capture(ORDER, USER, PRICE);
      gateways.shipping().ship(ORDER, USER, List.of(new LineItem("A-1", 2, PRICE)));
      assertThat(log.events()).extracting(ILoggingEvent::getLevel).containsExactly(Level.INFO, Level.INFO, Level.INFO);
      assertThat(log.lines()).allMatch(line -> line.contains("simulated"));
      assertThat(log.lines().get(0)).contains("ada@example.com", CAUSE.toString());
      assertThat(log.lines().get(1)).contains("order-1", "user-1", "19.99 EUR");
      assertThat(log.lines().get(2)).contains("order-1", "user-1");
    }
  }

  @Test
  void keeps_what_users_wrote_from_breaking_a_line() throws Exception {
    var name = new UserName("${jndi:x} {} \u202Eevil\uFEFF");
    try (gateways; var log = new CapturedLog()) {
      gateways.mailer().sendWelcome(CAUSE, new EmailAddress("{}%0d%0a`$'@example.com"), Optional.of(name));
      assertThat(log.lines()).singleElement()
          .asString()
          .matches("[ -~]+")
          .contains("{}%0d%0a`$'@example.com")
          .doesNotContain("evil");
    }
  }
}
