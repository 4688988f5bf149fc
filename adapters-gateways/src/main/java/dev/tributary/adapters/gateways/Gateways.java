package dev.tributary.adapters.gateways;

import dev.tributary.application.Mailer;
import dev.tributary.application.Payments;
import dev.tributary.application.Shipping;
import dev.tributary.application.Tracing;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * The way to mail, payments and shipping. Opening and closing reach no server: one that is away is told of by the answers. For use by many
 * threads at once.
 */
public final class Gateways implements AutoCloseable {

  private final HttpClient client = JsonService.newClient();
  private final List<String> simulated;
  private final Mailer mailer;
  private final Payments payments;
  private final Shipping shipping;

  private Gateways(GatewaySettings settings, InstantSource clock, Tracing tracing) {
    var missing = new ArrayList<String>();
    mailer = settings.smtp().<Mailer>map(uri -> new SmtpMailer(SmtpServer.of(uri), clock)).orElseGet(() -> {
      missing.add("mail");
      return new SimulatedMailer();
    });
    payments = settings.payments()
        .<Payments>map(uri -> new HttpPayments(new JsonService("payments", client, uri, clock, tracing)))
        .orElseGet(() -> {
          missing.add("payments");
          return new SimulatedPayments();
        });
    shipping = settings.shipping()
        .<Shipping>map(uri -> new HttpShipping(new JsonService("shipping", client, uri, clock, tracing)))
        .orElseGet(() -> {
          missing.add("shipping");
          return new SimulatedShipping();
        });
    simulated = List.copyOf(missing);
  }

  /** Follows no trace. */
  public static Gateways open(GatewaySettings settings) {
    return open(settings, Tracing.NONE);
  }

  /** @param tracing follows the calls over HTTP */
  public static Gateways open(GatewaySettings settings, Tracing tracing) {
    return new Gateways(settings, InstantSource.system(), tracing);
  }

  public Mailer mailer() {
    return mailer;
  }

  public Payments payments() {
    return payments;
  }

  public Shipping shipping() {
    return shipping;
  }

  /** Those of {@code mail}, {@code payments}, {@code shipping}, in this order, that are only logged. */
  public List<String> simulated() {
    return simulated;
  }

  /** Ends HTTP calls in hand, and all that come later, as unavailable. A mail in hand goes on. A second call does nothing. */
  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
