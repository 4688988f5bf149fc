package dev.tributary.adapters.redis;

import java.time.Duration;

/**
 * Looks once a second whether the server is still divided as we are. After it has lost its data nothing says so any more, and whoever comes next
 * could divide it otherwise: this notes it again, or finds out.
 */
final class Vigil implements AutoCloseable {

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final Connections connections;
  private final Thread thread = Thread.ofVirtual().name("tributary vigil").unstarted(this::runOn);

  Vigil(Connections connections) {
    this.connections = connections;
  }

  Vigil start() {
    thread.start();
    return this;
  }

  private void runOn() {
    try {
      while (true) {
        Thread.sleep(INTERVAL);
        // Whatever fails here fails for who uses the connection, too.
        Endurance.outlive(connections::examine, _ -> {});
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
