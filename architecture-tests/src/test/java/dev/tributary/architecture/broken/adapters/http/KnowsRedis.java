package dev.tributary.architecture.broken.adapters.http;

import dev.tributary.architecture.broken.adapters.redis.OpenToAll;
import io.lettuce.core.RedisURI;

/** Knows another adapter, and its library. */
record KnowsRedis(OpenToAll other, RedisURI uri) {}
