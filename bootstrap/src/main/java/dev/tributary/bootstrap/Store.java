package dev.tributary.bootstrap;

import dev.tributary.adapters.memory.MemoryMessaging;
import dev.tributary.adapters.memory.MemorySettings;
import dev.tributary.adapters.redis.RedisMessaging;
import dev.tributary.adapters.redis.RedisSettings;
import dev.tributary.application.DeliveryMonitor;
import dev.tributary.application.Messaging;
import dev.tributary.redisserver.RedisServer;
import dev.tributary.redisserver.RedisServerSettings;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/**
 * The messaging that the settings ask for, with the server that it needs.
 *
 * @param server there if it is ours to stop
 * @param words what it is, for whoever starts the process
 */
record Store(Messaging messaging, Optional<RedisServer> server, String words) implements AutoCloseable {

  /** @throws IOException if the bundled server does not start, or the server is divided into another number of partitions */
  static Store open(Settings settings, DeliveryMonitor monitor) throws IOException, InterruptedException {
    return open(settings, monitor, redis -> RedisMessaging.open(redis, monitor));
  }

  /** As {@link #open}, for a caller that only looks: an empty store stays empty. */
  static Store openToExamine(Settings settings) throws IOException, InterruptedException {
    return open(settings, DeliveryMonitor.NONE, RedisMessaging::openToExamine);
  }

  private static Store open(Settings settings, DeliveryMonitor monitor, Function<RedisSettings, RedisMessaging> adapter)
      throws IOException, InterruptedException {
    return switch (settings.messaging()) {
      case REDIS -> redis(settings, adapter);
      case EMBEDDED -> embedded(settings, adapter);
      case MEMORY -> memory(settings, monitor);
    };
  }

  private static Store redis(Settings settings, Function<RedisSettings, RedisMessaging> adapter) throws IOException {
    String url = settings.redisUrl().orElseThrow();
    return redis(settings, adapter, url, Optional.empty(), withoutPassword(url));
  }

  private static Store redis(Settings settings, Function<RedisSettings, RedisMessaging> adapter, String url,
      Optional<RedisServer> server,
      String words) throws IOException {
    RedisMessaging messaging = adapter.apply(
        new RedisSettings(url, settings.deliveries(), settings.retention(), settings.replicas(),
            settings.partitioning()));
    var store = new Store(messaging, server, words);
    Optional<String> refusal = messaging.refusal();
    if (refusal.isPresent()) {
      store.close();
      throw new IOException(refusal.get());
    }
    return store;
  }

  private static Store embedded(Settings settings, Function<RedisSettings, RedisMessaging> adapter)
      throws IOException, InterruptedException {
    RedisServer server = RedisServer.start(RedisServerSettings.in(settings.dataDir()));
    String words = server.url() + ", a bundled Redis " + RedisServer.VERSION
        + " that lives and dies with this process; data in "
        + settings.dataDir();
    return redis(settings, adapter, server.url(), Optional.of(server), words);
  }

  private static Store memory(Settings settings, DeliveryMonitor monitor) {
    var memory = new MemorySettings(InstantSource.system(), settings.deliveries(), settings.retention(),
        settings.partitioning());
    return new Store(MemoryMessaging.open(memory, monitor), Optional.empty(),
        "none: everything is in memory, and gone when this process ends");
  }

  private static String withoutPassword(String url) {
    int at = url.lastIndexOf('@');
    return at < 0 ? url : url.substring(0, url.indexOf("://") + "://".length()) + "…" + url.substring(at);
  }

  /** A second call does nothing. */
  @Override
  public void close() {
    messaging.close();
    server.ifPresent(RedisServer::close);
  }
}
