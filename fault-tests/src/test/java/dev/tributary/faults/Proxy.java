package dev.tributary.faults;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntPredicate;

/**
 * Stands between a process and Redis. It can cut a connection after a write has reached Redis and before its reply comes back; and it can be a
 * black hole, which keeps connections and says nothing.
 */
final class Proxy implements AutoCloseable {

  private static final Set<String> WRITES = Set.of("EVALSHA", "EVAL", "XREADGROUP");

  /** What becomes of bytes in either direction. */
  enum Way {
    OPEN,
    /** Kept, and delivered late. */
    HELD_BACK,
    /** Gone for ever. */
    SWALLOWED
  }

  private sealed interface Fate {}

  private enum Forwarded implements Fate {
    ANSWERED,
    /** Swallowed, and the connection cut. */
    CUT
  }

  private record Refused(String error) implements Fate {}

  private final ServerSocket server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
  private final int redisPort;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final AtomicInteger writes = new AtomicInteger();
  private final AtomicInteger cuts = new AtomicInteger();
  private final Set<String> kinds = ConcurrentHashMap.newKeySet();
  private volatile IntPredicate cut = _ -> false;
  private volatile String refusal = "";
  private Way way = Way.OPEN;

  Proxy(int redisPort) throws IOException {
    this.redisPort = redisPort;
    Thread.ofVirtual().start(this::acceptOn);
  }

  String url() {
    return "redis://127.0.0.1:" + server.getLocalPort();
  }

  /** @param which of the writes from now on, counted from 0, are cut */
  void cutReplies(IntPredicate which) {
    writes.set(0);
    cut = which;
  }

  /** Since the last call of {@link #cutReplies}. */
  int writes() {
    return writes.get();
  }

  int cuts() {
    return cuts.get();
  }

  /** Which commands and scripts were cut so far. */
  Set<String> kinds() {
    return kinds;
  }

  /** @param error what every command is answered, such as {@code LOADING …}, without reaching Redis; empty for none */
  void refuse(String error) {
    refusal = error;
  }

  void be(Way next) {
    lock.lock();
    try {
      way = next;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void acceptOn() {
    try {
      while (true) {
        Socket client = server.accept();
        Socket redis = new Socket(InetAddress.getLoopbackAddress(), redisPort);
        new Link(client, redis).start();
      }
    } catch (IOException _) {
      if (!server.isClosed()) {
        // Redis was away for a moment.
        Thread.ofVirtual().start(this::acceptOn);
      }
    }
  }

  private final class Link {

    private final Socket client;
    private final Socket redis;
    /** For each command under way, in order, what becomes of its reply. */
    private final LinkedBlockingQueue<Fate> underWay = new LinkedBlockingQueue<>();

    Link(Socket client, Socket redis) {
      this.client = client;
      this.redis = redis;
      sockets.add(client);
      sockets.add(redis);
    }

    void start() {
      Thread.ofVirtual().start(() -> run(this::forwardCommands));
      Thread.ofVirtual().start(() -> run(this::forwardReplies));
    }

    private interface Direction {
      void forward() throws IOException, InterruptedException;
    }

    private void run(Direction direction) {
      try (client; redis) {
        direction.forward();
      } catch (IOException | InterruptedException _) {
        // Either side is gone; the other goes too.
      }
    }

    private void forwardCommands() throws IOException, InterruptedException {
      var commands = new Resp(new BufferedInputStream(client.getInputStream()));
      OutputStream out = redis.getOutputStream();
      while (true) {
        byte[] command = commands.next();
        String error = refusal;
        if (!error.isEmpty()) {
          underWay.add(new Refused(error));
        } else if (mayPass()) {
          underWay.add(isToBeCut(command) ? Forwarded.CUT : Forwarded.ANSWERED);
          out.write(command);
          out.flush();
        }
      }
    }

    private void forwardReplies() throws IOException, InterruptedException {
      var replies = new Resp(new BufferedInputStream(redis.getInputStream()));
      OutputStream out = client.getOutputStream();
      while (true) {
        byte[] answer = switch (underWay.take()) {
          case Refused(String error) -> ("-" + error + "\r\n").getBytes(StandardCharsets.US_ASCII);
          case Forwarded.ANSWERED -> replies.next();
          case Forwarded.CUT -> swallow(replies);
        };
        if (answer.length == 0) {
          return;
        }
        if (mayPass()) {
          out.write(answer);
          out.flush();
        }
      }
    }

    private byte[] swallow(Resp replies) throws IOException {
      var _ = replies.next();
      cuts.incrementAndGet();
      return new byte[0];
    }
  }

  private boolean isToBeCut(byte[] command) {
    String[] words = new String(command, StandardCharsets.ISO_8859_1).split("\r\n", 6);
    String name = words[2].toUpperCase(Locale.ROOT);
    boolean cutIt = WRITES.contains(name) && cut.test(writes.getAndIncrement());
    if (cutIt) {
      kinds.add(name.equals("EVALSHA") ? words[4] : name);
    }
    return cutIt;
  }

  /** @return false for what is to be forgotten */
  private boolean mayPass() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (way == Way.HELD_BACK) {
        changed.await();
      }
      return way == Way.OPEN;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    be(Way.OPEN);
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
