package dev.tributary.adapters.redis;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;

/**
 * A connection, and what may be sent over it.
 *
 * @param commands of a cluster, each goes to whoever owns its first key
 */
record Link(StatefulConnection<String, byte[]> connection, RedisClusterAsyncCommands<String, byte[]> commands) {

  static Link of(StatefulRedisConnection<String, byte[]> connection) {
    return new Link(connection, connection.async());
  }

  static Link of(StatefulRedisClusterConnection<String, byte[]> connection) {
    return new Link(connection, connection.async());
  }
}
