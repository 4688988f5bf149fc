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
  /** Commits the works of requests, and publications beside them: new work, refused when memory is full. */
  COMMIT(Memory.ENOUGH, "events.lua", "work.lua", "commit.lua"),
  /** Appends publications alone: new work as well. */
  PUBLISH(Memory.ENOUGH, "events.lua", "publish.lua"),
  /** Settles a list of one consumer's deliveries, each for itself, with the works that they lead to. */
  SETTLE(Memory.EVEN_FULL, "fence.lua", "events.lua", "work.lua", "settle.lua"),
  /** Delivers dead letters again, to their group alone: new work as well. */
  REDRIVE(Memory.ENOUGH, "stream.lua", "parked.lua", "holders.lua", "redrive.lua"),
  /** Removes dead letters for good. */
  DISCARD(Memory.EVEN_FULL, "stream.lua", "parked.lua", "discard.lua"),
  /** Takes over deliveries that nobody works on. */
  CLAIM(Memory.EVEN_FULL, "holders.lua", "claim.lua"),
  /** Renews the lease of deliveries in hand. */
  EXTEND(Memory.EVEN_FULL, "fence.lua", "extend.lua"),
  /** Gives deliveries back: another consumer may take them at once. */
  RELEASE(Memory.EVEN_FULL, "fence.lua", "leaving.lua", "release.lua"),
  /** Notes a failed attempt and when the next is due. */
  RETRY(Memory.EVEN_FULL, "fence.lua", "holders.lua", "retry.lua"),
  /** Moves a delivery to its group's dead letters, and acknowledges it. */
  DEAD_LETTER(Memory.EVEN_FULL, "fence.lua", "parked.lua", "dead_letter.lua"),
  /** Tells whether an entry has to wait behind a dead letter of its key. */
  BEHIND(Memory.UNTOUCHED, "parked.lua", "behind.lua"),
  /** Notes that a consumer is alive, and makes its group, and the stream, if it is not there. */
  ENSURE_GROUP(Memory.EVEN_FULL, "stream.lua", "ensure_group.lua"),
  /** Tends a group: notes that a consumer is alive, and up to where everything is settled; removes consumers that are gone. */
  TEND(Memory.EVEN_FULL, "stream.lua", "holders.lua", "tend.lua"),
  /** Removes what is older than the retention and no longer needed. */
  TRIM(Memory.EVEN_FULL, "stream.lua", "parked.lua", "trim.lua"),
  /** Tells how a stream and its groups are doing. */
  STATUS(Memory.UNTOUCHED, "stream.lua", "holders.lua", "status.lua"),
  /** Notes that a member of a group is alive, or has gone, and tells who else is. */
  MEMBERS(Memory.EVEN_FULL, "members.lua"),
  /** Takes a partition for one consumer of a group, if nobody else has it, or renews its lease. */
  TENURE(Memory.EVEN_FULL, "tenure.lua"),
  /** Walks through what is pending in a partition, in order, for its owner. */
  WALK(Memory.EVEN_FULL, "fence.lua", "holders.lua", "leaving.lua", "walk.lua"),
  /** Tells the owner of a partition whether what it read just before may be handled. */
  CHECK(Memory.UNTOUCHED, "holders.lua", "check.lua"),
  /** Tells whether a delivery that was fenced comes all the same. */
  COMES_AGAIN(Memory.UNTOUCHED, "stream.lua", "comes_again.lua"),
  /** Gives a partition up: another consumer of the group may take it at once. */
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
    return connections.ask(redis -> send(redis, keys, arguments));
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
