package dev.tributary.bootstrap;

import com.github.f4b6a3.uuid.UuidCreator;
import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import dev.tributary.adapters.gateways.Gateways;
import dev.tributary.adapters.http.HttpApi;
import dev.tributary.adapters.http.HttpSettings;
import dev.tributary.adapters.metrics.Metrics;
import dev.tributary.adapters.traces.Traces;
import dev.tributary.application.CapturePayment;
import dev.tributary.application.CreateProfile;
import dev.tributary.application.Ids;
import dev.tributary.application.Messaging;
import dev.tributary.application.PlaceOrder;
import dev.tributary.application.Queries;
import dev.tributary.application.RegisterUser;
import dev.tributary.application.SendWelcomeEmail;
import dev.tributary.application.ShipOrder;
import dev.tributary.application.UnitOfWork;
import java.time.InstantSource;
import java.util.List;

/** Which part gets which. Adapters and use cases are plain constructors; this is the only place that calls them. */
final class Wiring extends AbstractModule {

  private final Settings settings;
  private final Messaging messaging;
  private final Gateways gateways;
  private final Metrics metrics;
  private final Traces traces;

  Wiring(Settings settings, Messaging messaging, Gateways gateways, Metrics metrics, Traces traces) {
    this.settings = settings;
    this.messaging = messaging;
    this.gateways = gateways;
    this.metrics = metrics;
    this.traces = traces;
  }

  @Override
  protected void configure() {
    bind(InstantSource.class).toInstance(InstantSource.system());
    bind(Ids.class).toInstance(UuidCreator::getTimeOrderedEpoch);
    bind(Messaging.class).toInstance(messaging);
    bind(UnitOfWork.class).toInstance(traces.follow(messaging.unitOfWork()));
  }

  @Provides
  @Singleton
  RegisterUser registerUser(UnitOfWork store, Ids ids, InstantSource clock) {
    return new RegisterUser(store, ids, clock);
  }

  @Provides
  @Singleton
  PlaceOrder placeOrder(UnitOfWork store, Ids ids, InstantSource clock) {
    return new PlaceOrder(store, ids, clock);
  }

  @Provides
  @Singleton
  Queries queries(UnitOfWork store) {
    return new Queries(store, messaging.orderHistory());
  }

  @Provides
  @Singleton
  SendWelcomeEmail sendWelcomeEmail(UnitOfWork store, InstantSource clock) {
    return new SendWelcomeEmail(store, gateways.mailer(), clock);
  }

  @Provides
  @Singleton
  CreateProfile createProfile(UnitOfWork store, InstantSource clock) {
    return new CreateProfile(store, clock);
  }

  @Provides
  @Singleton
  CapturePayment capturePayment(UnitOfWork store, InstantSource clock) {
    return new CapturePayment(store, gateways.payments(), clock);
  }

  @Provides
  @Singleton
  ShipOrder shipOrder(UnitOfWork store, InstantSource clock) {
    return new ShipOrder(store, gateways.shipping(), clock);
  }

  @Provides
  @Singleton
  HttpApi httpApi(RegisterUser registerUser, PlaceOrder placeOrder, Queries queries) {
    var http = new HttpSettings(settings.host(), settings.port(), settings.roles().contains(Role.HTTP),
        settings.opsToken().value(), settings.limits());
    return new HttpApi(http, registerUser, placeOrder, queries, messaging, metrics, traces, metrics::scrape,
        List.of(messaging.health()));
  }
}
