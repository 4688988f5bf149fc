package dev.tributary.adapters.gateways;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.application.Answer;
import dev.tributary.application.Payments.Result;
import dev.tributary.domain.order.Money;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.user.UserId;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class GatewaysTest {

  private static final Optional<URI> SET = Optional.of(URI.create("http://127.0.0.1:9/"));

  @Test
  void says_what_is_simulated() {
    try (Gateways all = Gateways.open(GatewaySettings.SIMULATED)) {
      assertThat(all.simulated()).containsExactly("mail", "payments", "shipping");
    }
    try (Gateways one = Gateways.open(new GatewaySettings(Optional.empty(), SET, Optional.empty()))) {
      assertThat(one.simulated()).containsExactly("mail", "shipping");
    }
    var smtp = Optional.of(URI.create("smtp://127.0.0.1"));
    try (Gateways none = Gateways.open(new GatewaySettings(smtp, SET, SET))) {
      assertThat(none.simulated()).isEmpty();
    }
  }

  @Test
  @Timeout(30)
  void ends_what_is_in_hand_when_it_closes_and_leaves_no_thread() throws Exception {
    try (var server = RawHttpServer.hangingAfter("")) {
      Gateways gateways = Gateways
          .open(new GatewaySettings(Optional.empty(), Optional.of(server.uri("/")), Optional.empty()));
      var answer = new CompletableFuture<Answer<Result>>();
      Thread.ofVirtual().start(() -> complete(answer, gateways));
      await().until(() -> server.requests().size() == 1);
      gateways.close();
      assertThat(answer.join()).isInstanceOf(Answer.Unavailable.class);
      assertThat(capture(gateways)).isInstanceOf(Answer.Unavailable.class);
      gateways.close();
      await().until(() -> Thread.getAllStackTraces()
          .keySet()
          .stream()
          .noneMatch(thread -> thread.getName().endsWith("-SelectorManager")));
    }
  }

  private static void complete(CompletableFuture<Answer<Result>> answer, Gateways gateways) {
    try {
      answer.complete(capture(gateways));
    } catch (InterruptedException e) {
      answer.completeExceptionally(e);
    }
  }

  private static Answer<Result> capture(Gateways gateways) throws InterruptedException {
    return gateways.payments()
        .capture(new OrderId("order-1"), new UserId("user-1"),
            Money.parse("1", Money.currency("JPY")));
  }
}
