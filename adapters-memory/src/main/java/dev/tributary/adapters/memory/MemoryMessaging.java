package dev.tributary.adapters.memory;

import dev.tributary.application.AuditLog;
import dev.tributary.application.CommitResult;
import dev.tributary.application.DeadLetters;
import dev.tributary.application.DeliveryMonitor;
import dev.tributary.application.Health;
import dev.tributary.application.LineLimit;
import dev.tributary.application.Messaging;
import dev.tributary.application.Operations;
import dev.tributary.application.OrderHistory;
import dev.tributary.application.RequestId;
import dev.tributary.application.UnitOfWork;
import dev.tributary.application.Versioned;
import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.EventHandler;
import dev.tributary.domain.messaging.EventLog;
import dev.tributary.domain.messaging.EventPublisher;
import dev.tributary.domain.messaging.EventSubscriber;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.StateKey;
import dev.tributary.domain.messaging.Subscription;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Topic;
import dev.tributary.domain.messaging.Work;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Messaging without a server: it keeps nothing beyond this process. What passes here passes on a real server; not the other way round. */
public final class MemoryMessaging implements Messaging {

  private static final int LINES_A_SECOND = 3;

  private final MemoryStore store;
  private final MemorySettings settings;
  private final DeliveryMonitor monitor;
  private final LineLimit lines = new LineLimit(LINES_A_SECOND);
  private final Queue<MemoryConsumer<?>> consumers = new ConcurrentLinkedQueue<>();
  private final AtomicInteger subscriptions = new AtomicInteger();
  /** Tells its consumers from those of others that share the store. */
  private final String process = UUID.randomUUID().toString().substring(0, 8);

  public static MemoryMessaging open(MemorySettings settings) {
    return open(settings, DeliveryMonitor.NONE);
  }

  /** @param monitor is told what becomes of deliveries */
  public static MemoryMessaging open(MemorySettings settings, DeliveryMonitor monitor) {
    return new MemoryMessaging(new MemoryStore(settings.clock(), settings.partitioning()), settings, monitor);
  }

  MemoryMessaging(MemoryStore store, MemorySettings settings, DeliveryMonitor monitor) {
    this.store = store;
    this.settings = settings;
    this.monitor = monitor;
  }

  @Override
  public EventPublisher publisher() {
    return new EventPublisher() {
      @Override
      public <E extends DomainEvent> void publish(Topic<E> topic, List<Recorded<E>> events) {
        if (events.isEmpty()) {
          throw new IllegalArgumentException("no event to publish");
        }
        store.publish(topic, events);
      }
    };
  }

  @Override
  public EventSubscriber subscriber() {
    return new EventSubscriber() {
      @Override
      public <E extends DomainEvent> Subscription subscribe(SubscriptionSpec<E> spec, EventHandler<E> handler) {
        var consumer = new Consumer(
            spec.group() + " on " + spec.topic() + " " + process + "-" + subscriptions.incrementAndGet());
        var group = new Membership(store, monitor, lines, spec, consumer);
        MemoryConsumer<E> started = new MemoryConsumer<>(store, settings, spec, handler, group).start();
        consumers.add(started);
        return started;
      }
    };
  }

  @Override
  public UnitOfWork unitOfWork() {
    return new UnitOfWork() {
      @Override
      public <S> Optional<Versioned<S>> load(StateKey<S> key) {
        return store.load(key);
      }

      @Override
      public CommitResult commit(RequestId cause, Work work) {
        if (work.changes().isEmpty()) {
          throw new IllegalArgumentException("a request changes something");
        }
        return store.commit(cause, work);
      }

      @Override
      public Partitioning partitioning() {
        return store.partitioning();
      }
    };
  }

  @Override
  public OrderHistory orderHistory() {
    return new MemoryOrderHistory(store);
  }

  @Override
  public EventLog log() {
    return new MemoryEventLog(store);
  }

  @Override
  public Operations operations() {
    return new MemoryOperations(store);
  }

  @Override
  public AuditLog auditLog() {
    return new MemoryOperations(store);
  }

  @Override
  public DeadLetters deadLetters() {
    return new MemoryDeadLetters(store);
  }

  /** Memory is never away. */
  @Override
  public Health health() {
    return List::of;
  }

  /** As a crash does: gives nothing back. */
  void crash() {
    consumers.forEach(MemoryConsumer::crash);
  }

  @Override
  public void close() {
    try (ExecutorService closing = Executors.newVirtualThreadPerTaskExecutor()) {
      consumers.forEach(consumer -> closing.execute(consumer::close));
    }
  }
}
