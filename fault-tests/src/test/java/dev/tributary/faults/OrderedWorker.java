package dev.tributary.faults;

import dev.tributary.adapters.redis.RedisMessaging;
import dev.tributary.application.Messaging;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.application.UnitOfWork;
import dev.tributary.application.Versioned;
import dev.tributary.domain.messaging.Delivery;
import dev.tributary.domain.messaging.EventHandler;
import dev.tributary.domain.messaging.Ordering;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.Welcome;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/**
 * Handles turns in a process of its own, badly: it fails in several ways and is slow at times. It relies on the order alone: what it commits has
 * whichever version it finds, so that a turn that comes too early or twice leaves its trace.
 */
final class OrderedWorker implements EventHandler<UserCreated> {

  /** A line that it prints. */
  static final String READY = "takes its turns";
  /** What a line begins with that tells of a turn that was begun before the one before it was committed. */
  static final String EARLY = "early: ";

  private static final int LONGEST_MILLIS = 20;

  private final UnitOfWork store;
  private final Random random;

  private OrderedWorker(UnitOfWork store, long seed) {
    this.store = store;
    this.random = new Random(seed);
  }

  static AppProcess start(String url, Ordering ordering, int replicas, long seed) throws IOException {
    return AppProcess.startMain(OrderedWorker.class,
        Map.of("REDIS_URL", url, "ORDERING", ordering.name(), "REPLICAS", Integer.toString(replicas), "SEED",
            Long.toString(seed)));
  }

  /** Runs until it is told to stop; then it stops in order, with code 0. */
  public static void main(String[] arguments) throws InterruptedException {
    Messaging messaging = RedisMessaging
        .open(Turns.settings(setting("REDIS_URL"), Integer.parseInt(setting("REPLICAS"))));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      messaging.close();
      Runtime.getRuntime().halt(0);
    }));
    var _ = messaging.subscriber()
        .subscribe(Turns.READ.ordered(Ordering.valueOf(setting("ORDERING"))),
            new OrderedWorker(messaging.unitOfWork(), Long.parseLong(setting("SEED"))));
    System.out.println(READY);
    new CountDownLatch(1).await();
  }

  private static String setting(String name) {
    return Optional.ofNullable(System.getenv(name)).orElseThrow();
  }

  @Override
  public Outcome handle(Delivery<UserCreated> delivery) throws InterruptedException {
    long version = store.load(Welcome.key(delivery.event().userId())).map(Versioned::version).orElse(0L);
    if (version < Turns.turn(delivery.recorded().at())) {
      System.out.println(EARLY + delivery + " after " + version);
    }
    return switch (random.nextInt(40)) {
      case 0, 1 -> new Outcome.Retry(Optional.empty(), "not yet");
      case 2, 3 -> throw new IllegalStateException("broken");
      case 4 -> throw new StoreUnavailableException("away");
      case 5 -> Turns.taken(delivery.recorded(), version + 1000);
      case 6, 7, 8, 9, 10, 11 -> {
        Thread.sleep(random.nextInt(LONGEST_MILLIS));
        yield Turns.taken(delivery.recorded(), version);
      }
      default -> Turns.taken(delivery.recorded(), version);
    };
  }
}
