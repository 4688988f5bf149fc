package dev.tributary.bootstrap;

import com.google.inject.Guice;
import com.google.inject.Injector;
import dev.tributary.adapters.gateways.Gateways;
import dev.tributary.adapters.http.HttpApi;
import dev.tributary.adapters.metrics.Metrics;
import dev.tributary.adapters.traces.Traces;
import dev.tributary.application.CapturePayment;
import dev.tributary.application.CreateProfile;
import dev.tributary.application.Groups;
import dev.tributary.application.Messaging;
import dev.tributary.application.SendWelcomeEmail;
import dev.tributary.application.ShipOrder;
import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.EventHandler;
import dev.tributary.domain.messaging.Ordering;
import dev.tributary.domain.messaging.SubscriptionSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A process at work: started bottom up, stopped top down. */
final class Tributary implements AutoCloseable {

  private final Settings settings;
  private final Store store;
  private final Gateways gateways;
  private final Metrics metrics;
  private final Traces traces;
  private final HttpApi http;

  private Tributary(Settings settings, Store store, Gateways gateways, Metrics metrics, Traces traces, HttpApi http) {
    this.settings = settings;
    this.store = store;
    this.gateways = gateways;
    this.metrics = metrics;
    this.traces = traces;
    this.http = http;
  }

  /**
   * Blocks until it serves. A Redis server that is away is waited for in the background; health says so meanwhile.
   *
   * @throws IOException if the bundled server does not start
   * @throws java.io.UncheckedIOException if the port is taken
   */
  static Tributary start(Settings settings) throws IOException, InterruptedException {
    System.setProperty("guice_bytecode_gen_option", "DISABLED");
    var messaging = new CompletableFuture<Messaging>();
    Metrics metrics = Metrics.open(() -> messaging.join().operations().streams());
    Store store = Store.open(settings, metrics);
    messaging.complete(store.messaging());
    Traces traces = Traces.open(settings.traces());
    Gateways gateways = Gateways.open(settings.gateways(), traces);
    Injector injector = Guice.createInjector(new Wiring(settings, store.messaging(), gateways, metrics, traces));
    var started = new Tributary(settings, store, gateways, metrics, traces, injector.getInstance(HttpApi.class));
    try {
      started.http.start();
      started.subscribe(injector);
      return started;
    } catch (RuntimeException e) {
      started.close();
      throw e;
    }
  }

  private void subscribe(Injector injector) {
    subscribe(Role.EMAIL_PROCESSORS, Groups.EMAIL_PROCESSORS, injector.getInstance(SendWelcomeEmail.class));
    subscribe(Role.USER_PROCESSORS, Groups.USER_PROCESSORS, injector.getInstance(CreateProfile.class));
    Ordering ordering = settings.orderEvents();
    subscribe(Role.PAYMENT_PROCESSORS, Groups.PAYMENT_PROCESSORS.ordered(ordering),
        injector.getInstance(CapturePayment.class));
    subscribe(Role.SHIPPING_PROCESSORS, Groups.SHIPPING_PROCESSORS.ordered(ordering),
        injector.getInstance(ShipOrder.class));
  }

  private <E extends DomainEvent> void subscribe(Role role, SubscriptionSpec<E> spec, EventHandler<E> handler) {
    if (settings.roles().contains(role)) {
      metrics.expect(spec.topic(), spec.group());
      Messaging messaging = store.messaging();
      messaging.subscriber().subscribe(spec, traces.follow(spec, handler));
    }
  }

  int port() {
    return http.port();
  }

  /** What a newcomer wants to know first. */
  List<String> greeting() {
    String url = "http://" + (settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host()) + ":"
        + port();
    String roles = String.join(", ", settings.roles().stream().map(Role::word).toList());
    var lines = new ArrayList<>(List.of("Tributary is running.",
        "  redis      " + store.words(),
        "  messaging  " + settings.messaging().word() + "; roles: " + roles,
        "  simulated  " + simulated(gateways.simulated())));
    if (settings.roles().contains(Role.HTTP)) {
      lines.add("  users      " + url + "/users");
      lines.add("  orders     " + url + "/orders");
      lines.add("  docs       " + url + "/docs");
      lines.add("  operations " + url + "/ops");
    }
    lines.add("  health     " + url + "/health/ready");
    if (settings.opsToken().isRandom()) {
      lines.add("  token      " + settings.opsToken().value()
          + ", of /ops and /metrics, until this process ends (OPS_TOKEN sets one)");
    }
    return lines;
  }

  /** What about the store is not as safe as it should be; empty while it is away. */
  List<String> warnings() {
    return store.messaging().health().warnings();
  }

  private static String simulated(List<String> names) {
    return names.isEmpty()
        ? "nothing"
        : String.join(", ", names) + " (SMTP_URL, PAYMENTS_URL and SHIPPING_URL make them real)";
  }

  /** Takes no more requests, then no more deliveries; finishes or gives back what is in hand; ends within 10 s. */
  @Override
  public void close() {
    http.close();
    store.messaging().close();
    gateways.close();
    store.close();
    metrics.close();
    traces.close();
  }
}
