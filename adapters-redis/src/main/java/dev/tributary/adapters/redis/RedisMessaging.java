package dev.tributary.adapters.redis;

import dev.tributary.application.AuditLog;
import dev.tributary.application.DeadLetters;
import dev.tributary.application.DeliveryMonitor;
import dev.tributary.application.Health;
import dev.tributary.application.Messaging;
import dev.tributary.application.Operations;
import dev.tributary.application.OrderHistory;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.application.UnitOfWork;
import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.EventHandler;
import dev.tributary.domain.messaging.EventLog;
import dev.tributary.domain.messaging.EventPublisher;
import dev.tributary.domain.messaging.EventSubscriber;
import dev.tributary.domain.messaging.Subscription;
import dev.tributary.domain.messaging.SubscriptionSpec;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Messaging on Redis Streams, from Redis 7.0 on. Redis is the log and the store: one script changes state, appends events, marks the cause as
 * handled and acknowledges the delivery. Connects when it is first used, and again whenever it has to.
 */
public final class RedisMessaging implements Messaging {

  private static final Duration HEALTHY_WITHIN = Duration.ofMillis(1_500);
  private static final Duration EXAMINED_EVERY = Duration.ofSeconds(1);

  private final RedisSettings settings;
  private final Connections connections;
  private final Partitions partitions;
  private final RedisUnitOfWork unitOfWork;
  private final Journals journals;
  private final Trimming trimming;
  /**
   * Looks whether the server is still divided as we are. After it has lost its data nothing says so any more, and whoever comes next could divide it
   * otherwise: this notes it again, or finds out.
   */
  private final Chore vigil;
  private final Queue<RunningSubscription> consumers = new ConcurrentLinkedQueue<>();
  private final AtomicInteger subscriptions = new AtomicInteger();
  /** Never anybody else's, not even our own after a restart: what an earlier process left is taken over like a stranger's. */
  private final String process = hostName() + "-" + ProcessHandle.current().pid() + "-"
      + UUID.randomUUID().toString().substring(0, 8);

  /**
   * Returns at once: it connects when it is first used, and a server that is away is found out then. The caller closes it.
   *
   * @return for any threads. Its own are virtual or daemons, and end with {@link #close()}
   */
  public static RedisMessaging open(RedisSettings settings) {
    return open(settings, DeliveryMonitor.NONE);
  }

  /**
   * As {@link #open(RedisSettings)}.
   *
   * @param monitor is told what becomes of deliveries, and what the server did not do
   */
  public static RedisMessaging open(RedisSettings settings, DeliveryMonitor monitor) {
    return new RedisMessaging(settings, new Connections(settings.url(), monitor, settings.replicas(),
        new PartitionsCheck(settings.partitioning(), true)), monitor);
  }

  /** As {@link #open(RedisSettings)}, for a caller that only looks: it leaves an empty server empty. */
  public static RedisMessaging openToExamine(RedisSettings settings) {
    var check = new PartitionsCheck(settings.partitioning(), false);
    return new RedisMessaging(settings,
        new Connections(settings.url(), DeliveryMonitor.NONE, settings.replicas(), check), DeliveryMonitor.NONE);
  }

  RedisMessaging(RedisSettings settings, Connections connections, DeliveryMonitor monitor) {
    this.settings = settings;
    this.connections = connections;
    this.partitions = new Partitions(connections, settings.partitioning());
    this.unitOfWork = new RedisUnitOfWork(connections, partitions);
    this.journals = new Journals(monitor);
    this.trimming = new Trimming(connections, partitions, settings.retention(), journals);
    // Whatever fails there fails for who uses the connection, too.
    this.vigil = new Chore("vigil", "partitions", connections::examine, EXAMINED_EVERY, _ -> {});
    vigil.start();
  }

  /**
   * Into how many partitions everything is divided is fixed when the store is first used. Connects if that was not done yet, and blocks until it has, or
   * has failed: for each address 2 s at most to connect, and 3 s for each reply.
   *
   * @return why this process may not use the store, in words for an operator; empty if it may, or the store is away: then it is asked again before
   *         the first read or write
   */
  public Optional<String> refusal() {
    try {
      connections.shared();
      return Optional.empty();
    } catch (StoreUnavailableException _) {
      return connections.refusal();
    }
  }

  @Override
  public EventPublisher publisher() {
    return new RedisPublisher(connections, partitions);
  }

  @Override
  public EventSubscriber subscriber() {
    return new EventSubscriber() {
      @Override
      public <E extends DomainEvent> Subscription subscribe(SubscriptionSpec<E> spec, EventHandler<E> handler) {
        String consumer = process + "-" + subscriptions.incrementAndGet();
        Journal journal = journals.of(spec.topic(), spec.group());
        RunningSubscription started = spec.ordering().isPerKey()
            ? new OrderedConsumer<>(connections, partitions, spec, handler, settings.deliveries(), journal, consumer)
                .start()
            : new GroupConsumer<>(connections, partitions, spec, handler, settings.deliveries(), journal, consumer)
                .start();
        consumers.add(started);
        trimming.start();
        return started;
      }
    };
  }

  @Override
  public UnitOfWork unitOfWork() {
    return unitOfWork;
  }

  @Override
  public OrderHistory orderHistory() {
    return new RedisOrderHistory(connections, partitions, unitOfWork);
  }

  @Override
  public EventLog log() {
    return new RedisEventLog(connections, partitions);
  }

  @Override
  public DeadLetters deadLetters() {
    return new RedisDeadLetters(connections, partitions);
  }

  @Override
  public Operations operations() {
    return new RedisOperations(connections, partitions);
  }

  @Override
  public AuditLog auditLog() {
    return new RedisAuditLog(connections);
  }

  @Override
  public Health health() {
    var check = new ServerCheck(connections, settings.url(), settings.replicas());
    return new Health() {
      @Override
      public List<String> problems() {
        return RedisMessaging.this.problems();
      }

      @Override
      public List<String> warnings() {
        return Stream.concat(check.warnings().stream(), trimming.refusals().stream()).toList();
      }
    };
  }

  private List<String> problems() {
    var problems = new ArrayList<String>();
    problems.addAll(silence());
    consumers.forEach(consumer -> consumer.problem().ifPresent(problems::add));
    return problems;
  }

  /** Connecting alone may take longer than a health check may. */
  private List<String> silence() {
    var answers = CompletableFuture.supplyAsync(
        () -> connections.isCluster() ? new ClusterCheck(connections, partitions).problems() : probed(),
        task -> Thread.ofVirtual().name("tributary health").start(task));
    try {
      return answers.get(HEALTHY_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      return List.of(
          String.valueOf(RedisFailure.unavailable(e.getCause() == null ? e : e.getCause()).getMessage()));
    } catch (TimeoutException _) {
      return List.of("Redis does not answer within " + HEALTHY_WITHIN.toMillis() + " ms");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return List.of("interrupted while waiting for Redis");
    }
  }

  /** A server that takes no writes is as good as away. One that is full is not: what there is to do is done there. */
  private List<String> probed() {
    try {
      connections.probe();
    } catch (StoreUnavailableException e) {
      if (!RedisFailure.says(e, "OOM")) {
        throw e;
      }
    }
    return List.of();
  }

  @Override
  public void close() {
    vigil.stop();
    trimming.close();
    try (ExecutorService closing = Executors.newVirtualThreadPerTaskExecutor()) {
      consumers.forEach(consumer -> closing.execute(consumer::close));
    }
    connections.close();
    journals.close();
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException _) {
      return "unknown";
    }
  }
}
