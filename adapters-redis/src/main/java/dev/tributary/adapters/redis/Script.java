package dev.tributary.adapters.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The Lua scripts, each from a resource of its own. A server whose memory is full refuses the plain ones as a whole, before their first write;
 * those that may run {@linkplain Memory#EVEN_FULL even then} drain the backlog.
 */
enum Script {
  /** The works of requests, and publications beside them: new work, refused when memory is full. */
  TAKE_IN(Memory.ENOUGH, "events.lua", "work.lua", "commit.lua"),
  /** Publications alone. */
  PUBLISH(Memory.ENOUGH, "events.lua", "publish.lua"),
  /** The works of deliveries. */
  SETTLE(Memory.EVEN_FULL, "fence.lua", "events.lua", "work.lua", "settle.lua"),
  /** New work as well. */
  REDRIVE(Memory.ENOUGH, "stream.lua", "parked.lua", "holders.lua", "redrive.lua"),
  //
  DISCARD(Memory.EVEN_FULL, "stream.lua", "parked.lua", "discard.lua"),
  //
  CLAIM(Memory.EVEN_FULL, "holders.lua", "claim.lua"),
  //
  EXTEND(Memory.EVEN_FULL, "fence.lua", "extend.lua"),
  //
  RELEASE(Memory.EVEN_FULL, "fence.lua", "leaving.lua", "release.lua"),
  //
  RETRY(Memory.EVEN_FULL, "fence.lua", "holders.lua", "retry.lua"),
  //
  DEAD_LETTER(Memory.EVEN_FULL, "fence.lua", "parked.lua", "dead_letter.lua"),
  //
  BEHIND(Memory.UNTOUCHED, "parked.lua", "behind.lua"),
  //
  ENSURE_GROUP(Memory.EVEN_FULL, "stream.lua", "ensure_group.lua"),
  //
  TEND(Memory.EVEN_FULL, "stream.lua", "holders.lua", "tend.lua"),
  //
  TRIM(Memory.EVEN_FULL, "stream.lua", "parked.lua", "trim.lua"),
  //
  STATUS(Memory.UNTOUCHED, "stream.lua", "holders.lua", "status.lua"),
  //
  MEMBERS(Memory.EVEN_FULL, "members.lua"),
  //
  TENURE(Memory.EVEN_FULL, "tenure.lua"),
  //
  WALK(Memory.EVEN_FULL, "fence.lua", "holders.lua", "leaving.lua", "walk.lua"),
  //
  CHECK(Memory.UNTOUCHED, "holders.lua", "check.lua"),
  //
  COMES_AGAIN(Memory.UNTOUCHED, "stream.lua", "comes_again.lua"),
  //
  LEAVE(Memory.EVEN_FULL, "fence.lua", "leaving.lua", "leave.lua");

  private enum Memory {
    ENOUGH("#!lua\n"), EVEN_FULL("#!lua flags=allow-oom\n"),
    /** Reads: runs also where nothing may be written. */
    UNTOUCHED("#!lua flags=no-writes\n");

    private final String shebang;

    Memory(String shebang) {
      this.shebang = shebang;
    }
  }

  private final String text;
  private final String digest;

  Script(Memory memory, String... resources) {
    this.text = Stream.of(resources).map(Script::read).collect(Collectors.joining("", memory.shebang, ""));
    this.digest = sha1(text);
  }

  /** Runs it by its digest; where the server does not know it (any more), by its text, which teaches the server. */
  @SuppressWarnings("unchecked")
  CompletionStage<List<Object>> run(RedisClusterAsyncCommands<String, byte[]> redis, String[] keys,
      byte[][] arguments) {
    CompletionStage<List<Object>> known = redis.evalsha(digest, ScriptOutputType.MULTI, keys, arguments);
    return known.exceptionallyCompose(failure -> isUnknown(failure)
        ? redis.<List<Object>>eval(text, ScriptOutputType.MULTI, keys, arguments)
        : CompletableFuture.failedStage(failure));
  }

  /**
   * Runs it and waits for its reply.
   *
   * @throws dev.tributary.application.StoreUnavailableException if there is none
   */
  List<Object> call(Connections connections, List<String> keys, String... arguments) {
    return connections.await(send(connections.shared(), keys, arguments));
  }

  CompletionStage<List<Object>> send(RedisClusterAsyncCommands<String, byte[]> redis, List<String> keys,
      String... arguments) {
    byte[][] encoded = Stream.of(arguments).map(Utf8::bytes).toArray(byte[][]::new);
    return run(redis, keys.toArray(String[]::new), encoded);
  }

  private static boolean isUnknown(Throwable failure) {
    Throwable cause = failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
    return cause instanceof RedisNoScriptException;
  }

  private static String read(String resource) {
    try (InputStream in = Script.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("not in this jar: " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha1(String text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}
