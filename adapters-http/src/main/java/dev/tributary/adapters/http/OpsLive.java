package dev.tributary.adapters.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.application.Messaging;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.EventLog;
import dev.tributary.domain.messaging.LogEntry;
import dev.tributary.domain.messaging.Topic;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** What operators watch: the log as it grows, and how all is doing, now and in the last quarter of an hour. */
final class OpsLive implements AutoCloseable {

  private static final int MOST_AT_ONCE = 50;
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);

  private final Messaging messaging;
  private final OpsAccess access;
  private final Samples samples;
  private final Semaphore free = new Semaphore(MOST_AT_ONCE);
  private final Set<Thread> listening = ConcurrentHashMap.newKeySet();
  private volatile boolean closing;

  OpsLive(Messaging messaging, OpsAccess access, Samples samples) {
    this.messaging = messaging;
    this.access = access;
    this.samples = samples;
  }

  void addTo(RoutesConfig routes) {
    // Not for HEAD: it would never end.
    routes.get("/ops/streams/{stream}/tail", access.guard(this::tail));
    routes.get("/ops/live", access.guard(this::live));
    HttpApi.get(routes, "/ops/history", access.guard(this::history));
  }

  private interface Watching {
    void run() throws IOException;
  }

  private interface Listening {
    void run(EventStream events) throws IOException, InterruptedException;
  }

  private void tail(Context ctx) throws IOException {
    Topic<?> topic = OpsApi.topic(ctx.pathParam("stream"));
    Partitions partitions = Partitions.of(ctx, messaging.unitOfWork().partitioning());
    if (partitions.numbers().size() > TailPosition.MOST_PARTITIONS) {
      throw new ProblemException(Problem.invalid(List.of(new Problem.FieldError("partition",
          "is required where there are more than " + TailPosition.MOST_PARTITIONS))));
    }
    TailPosition position = position(ctx, topic, partitions.numbers());
    watch(() -> {
      // Before the answer begins: where the log is away, it is 503.
      try (EventLog.Tail tail = messaging.log().tail(topic, position.last())) {
        stream(ctx, events -> follow(tail, position, partitions, events));
      }
    });
  }

  private record Line(int partition, LogEntry entry) {}

  private void follow(EventLog.Tail tail, TailPosition position, Partitions partitions, EventStream events)
      throws IOException, InterruptedException {
    while (!closing) {
      Map<Integer, List<LogEntry>> next = tail.next(HEARTBEAT);
      for (Line line : lines(next)) {
        position.pass(line.partition(), line.entry().id());
        events.sendWithId(position.toString(),
            partitions.named(line.partition(), OpsViews.entry(line.entry())).toString());
      }
      if (next.isEmpty()) {
        events.comment("still here");
      }
    }
  }

  /** By their times. */
  private static List<Line> lines(Map<Integer, List<LogEntry>> entries) {
    return entries.entrySet()
        .stream()
        .flatMap(each -> each.getValue().stream().map(entry -> new Line(each.getKey(), entry)))
        .sorted(Comparator.comparing(line -> line.entry().id()))
        .toList();
  }

  /** Where it stopped, where it is told to, or at the end. */
  private TailPosition position(Context ctx, Topic<?> topic, List<Integer> partitions) {
    Optional<String> stopped = Optional.ofNullable(ctx.header("Last-Event-ID")).filter(id -> !id.isEmpty());
    PageQuery query = stopped.isPresent() ? new PageQuery(stopped, 1) : PageQuery.of(ctx);
    try {
      return query.after()
          .map(text -> TailPosition.parse(text, partitions))
          .orElseGet(() -> end(topic, partitions));
    } catch (IllegalArgumentException e) {
      throw query.refused(e);
    }
  }

  private TailPosition end(Topic<?> topic, List<Integer> partitions) {
    var last = new HashMap<Integer, EntryId>();
    partitions.forEach(partition -> last.put(partition, EntryId.START));
    messaging.operations()
        .streams()
        .stream()
        .filter(stream -> stream.stream().equals(topic.name()) && last.containsKey(stream.partition()))
        .forEach(stream -> stream.lastId().ifPresent(id -> last.put(stream.partition(), id)));
    return new TailPosition(last);
  }

  private void live(Context ctx) throws IOException {
    watch(() -> stream(ctx, this::live));
  }

  private void live(EventStream events) throws IOException, InterruptedException {
    long seen = 0;
    while (!closing) {
      Optional<Samples.Sample> next = samples.awaitAfter(seen, HEARTBEAT);
      if (next.isEmpty()) {
        events.comment("still here");
      } else {
        seen = next.get().number();
        events.send(next.get().streams().isPresent() ? "status" : "away", json(next.get()).toString());
      }
    }
  }

  private void history(Context ctx) {
    ArrayNode list = Json.array();
    samples.history().stream().filter(sample -> sample.streams().isPresent()).forEach(sample -> list.add(json(sample)));
    ObjectNode answer = Json.object();
    answer.set("samples", list);
    Answers.ok(ctx, answer);
  }

  private static ObjectNode json(Samples.Sample sample) {
    ObjectNode json = Json.object().put("at", sample.at().toString());
    sample.streams()
        .ifPresentOrElse(streams -> json.set("streams", OpsViews.streams(streams)),
            () -> json.put("reason", "The store does not answer."));
    return json;
  }

  /** As many at once as there may be. */
  private void watch(Watching watching) throws IOException {
    if (closing || !free.tryAcquire()) {
      throw new ProblemException(Problem.unavailable("Too many clients are watching already."));
    }
    listening.add(Thread.currentThread());
    try {
      watching.run();
    } finally {
      listening.remove(Thread.currentThread());
      free.release();
    }
  }

  private static void stream(Context ctx, Listening listener) {
    try {
      listener.run(new EventStream(ctx.res()));
    } catch (IOException | StoreUnavailableException _) {
      // Who listened has left, or the log is away: who still listens comes again, and says where it stopped.
      ctx.header(Header.CONNECTION, "close");
    } catch (InterruptedException _) {
      // Closing.
    }
  }

  /** Ends all that are watching: they would keep the server from stopping. */
  @Override
  public void close() {
    closing = true;
    listening.forEach(Thread::interrupt);
  }
}
