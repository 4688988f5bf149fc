/** All messaging ports on Redis Streams. {@link dev.tributary.adapters.redis.RedisMessaging} is the only way in. */
@NullMarked
package dev.tributary.adapters.redis;

import org.jspecify.annotations.NullMarked;
