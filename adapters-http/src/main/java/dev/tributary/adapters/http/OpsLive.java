package dev.tributary.adapters.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.application.Messaging;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.application.StreamStatus;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.EventLog;
import dev.tributary.domain.messaging.LogEntry;
import dev.tributary.domain.messaging.Topic;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
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

  private interface Listening {
    void run(EventStream events) throws IOException, InterruptedException;
  }

  private void tail(Context ctx) throws IOException {
    Topic<?> topic = OpsApi.topic(ctx.pathParam("stream"));
    int partition = Partitions.one(ctx, messaging.unitOfWork().partitioning());
    EntryId after = after(ctx, topic, partition);
    stream(ctx, events -> {
      try (EventLog.Tail tail = messaging.log().tail(topic, partition, after)) {
        while (!closing) {
          List<LogEntry> entries = tail.next(HEARTBEAT);
          for (LogEntry entry : entries) {
            events.sendWithId(entry.id().toString(), OpsViews.entry(entry).toString());
          }
          if (entries.isEmpty()) {
            events.comment("still here");
          }
        }
      }
    });
  }

  /** Where it stopped, where it is told to, or at the end. */
  private EntryId after(Context ctx, Topic<?> topic, int partition) {
    Optional<String> given = Optional.ofNullable(ctx.header("Last-Event-ID"));
    if (given.isPresent()) {
      return new PageQuery(given, 1).afterEntry();
    }
    PageQuery query = PageQuery.of(ctx);
    return query.after().isPresent() ? query.afterEntry() : last(topic, partition);
  }

  private EntryId last(Topic<?> topic, int partition) {
    return messaging.operations()
        .streams()
        .stream()
        .filter(stream -> stream.stream().equals(topic.name()) && stream.partition() == partition)
        .findFirst()
        .flatMap(StreamStatus::lastId)
        .orElse(EntryId.START);
  }

  private void live(Context ctx) throws IOException {
    stream(ctx, events -> {
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
    });
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

  private void stream(Context ctx, Listening listener) throws IOException {
    if (closing || !free.tryAcquire()) {
      throw new ProblemException(Problem.unavailable("Too many clients are watching already."));
    }
    listening.add(Thread.currentThread());
    try {
      listener.run(new EventStream(ctx.res()));
    } catch (IOException | StoreUnavailableException _) {
      // Who listened has left, or the log is away: who still listens comes again, and says where it stopped.
      ctx.header(Header.CONNECTION, "close");
    } catch (InterruptedException _) {
      // Closing.
    } finally {
      listening.remove(Thread.currentThread());
      free.release();
    }
  }

  /** Ends all that are watching: they would keep the server from stopping. */
  @Override
  public void close() {
    closing = true;
    listening.forEach(Thread::interrupt);
  }
}
