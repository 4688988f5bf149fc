package dev.tributary.adapters.redis;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * One server that holds data.
 *
 * @param name host and port where there are several, else empty
 * @param owns of a key, whether it is there
 */
record Member(String name, Predicate<String> owns,
    Supplier<CompletionStage<RedisClusterAsyncCommands<String, byte[]>>> commands) {}
