package dev.tributary.redisserver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real redis-server of our own, on loopback, that writes every change to disk before it confirms it ({@code appendonly yes},
 * {@code appendfsync always}). It dies with this process, however this process dies.
 */
public final class RedisServer implements AutoCloseable {

  public static final String VERSION = Executable.BUNDLED_VERSION;

  private static final Logger log = LoggerFactory.getLogger(RedisServer.class);

  /** Long, for a large append-only file has to be read first. */
  private static final Duration READY_WITHIN = Duration.ofMinutes(5);
  private static final Duration STOPS_WITHIN = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(10);

  private final DataDirectory directory;
  private final int port;
  private final Process server;
  private final Process watch;

  private RedisServer(DataDirectory directory, int port, Process server, Process watch) {
    this.directory = directory;
    this.port = port;
    this.server = server;
    this.watch = watch;
  }

  /**
   * Blocks until the server answers.
   *
   * @throws IOException if the directory is in use, no binary fits this system, or the server ends or stays silent; the message says what the
   *         server logged
   */
  public static RedisServer start(RedisServerSettings settings) throws IOException, InterruptedException {
    DataDirectory directory = DataDirectory.open(settings.dataDir());
    RedisServer server;
    try {
      server = launch(settings, directory);
    } catch (IOException e) {
      directory.close();
      throw e;
    }
    try {
      server.awaitReady();
      return server;
    } catch (IOException | InterruptedException e) {
      server.close();
      throw e;
    }
  }

  private static RedisServer launch(RedisServerSettings settings, DataDirectory directory) throws IOException {
    int port = settings.port() == 0 ? freePort() : settings.port();
    Process process = new ProcessBuilder(command(settings, directory, port)).redirectErrorStream(true)
        .redirectOutput(directory.resolve("redis.log").toFile())
        .start();
    return new RedisServer(directory, port, process, watch(process));
  }

  public int port() {
    return port;
  }

  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  public long pid() {
    return server.pid();
  }

  /**
   * Sends one command, as the default user, over a connection of its own.
   *
   * @return the reply as text; of a list, a line for each element
   * @throws IOException if there is none within 5 s, or an error: the message is the server's
   */
  public String ask(String... words) throws IOException {
    return Question.ask(port, words);
  }

  /** As if the machine had forgotten it: it keeps its connections, and does nothing until {@link #goOn}. */
  public void hang() throws IOException, InterruptedException {
    signal("STOP");
  }

  public void goOn() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    int code = new ProcessBuilder("kill", "-" + name, Long.toString(server.pid())).start().waitFor();
    if (code != 0) {
      throw new IOException("redis-server " + server.pid() + " takes no signal");
    }
  }

  /** Stops at once, as SIGKILL does: what was confirmed is on disk. */
  public void kill() throws InterruptedException {
    server.destroyForcibly();
    server.waitFor();
    release();
  }

  /** Stops as SIGTERM does. A second call does nothing. */
  @Override
  public void close() {
    server.destroy();
    try {
      if (!server.waitFor(STOPS_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("redis-server {} did not stop within {}; it is killed", server.pid(), STOPS_WITHIN);
        server.destroyForcibly().waitFor();
      }
    } catch (InterruptedException _) {
      server.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    release();
  }

  private void release() {
    watch.destroyForcibly();
    try {
      directory.close();
    } catch (IOException e) {
      log.warn("the lock of {} was not released", directory.path(), e);
    }
  }

  private static List<String> command(RedisServerSettings settings, DataDirectory directory, int port)
      throws IOException {
    List<String> command = inASessionOfItsOwn();
    command.add(
        (settings.executable().isPresent() ? settings.executable().get() : Executable.bundledRedis(directory.path()))
            .toString());
    command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1", "--dir",
        directory.path().toString(), "--pidfile",
        directory.resolve("redis.pid").toString(), "--appendonly", "yes", "--appendfsync", "always", "--save", "",
        "--maxmemory-policy",
        "noeviction"));
    command.addAll(settings.options());
    return command;
  }

  /** So that what is sent to our process group reaches us alone: Ctrl-C, while we still finish what is in hand, or a kill. */
  private static List<String> inASessionOfItsOwn() {
    var command = new ArrayList<String>();
    Executable.onPath("setsid").ifPresent(setsid -> command.add(setsid.toString()));
    return command;
  }

  /** A shell whose standard input is ours: it ends with this process, however that ends, and takes the server along. */
  private static Process watch(Process server) throws IOException {
    List<String> command = inASessionOfItsOwn();
    command.addAll(List.of("/bin/sh", "-c", "trap '' INT; cat >/dev/null; kill -TERM " + server.pid()));
    Process watch = new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    var _ = server.onExit().thenRun(watch::destroyForcibly);
    return watch;
  }

  private void awaitReady() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + READY_WITHIN.toNanos();
    while (!isReady()) {
      if (!server.isAlive() || System.nanoTime() > deadline) {
        throw new IOException("redis-server did not start on port " + port + ": " + lastLogged());
      }
      Thread.sleep(POLL);
    }
  }

  private boolean isReady() {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      socket.setSoTimeout(1000);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      String reply = new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII);
      return reply.equals("+PONG") || reply.equals("-NOAU");
    } catch (IOException _) {
      return false;
    }
  }

  private String lastLogged() throws IOException {
    Path logFile = directory.resolve("redis.log");
    List<String> lines = Files.exists(logFile) ? Files.readAllLines(logFile, StandardCharsets.ISO_8859_1) : List.of();
    return String.join(" | ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
