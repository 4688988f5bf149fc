package dev.tributary.adapters.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
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

/**
 * The Lua scripts, each from a resource of its own. A server whose memory is full refuses the plain ones as a whole, before their first write;
 * those that may run {@linkplain Memory#EVEN_FULL even then} drain the backlog.
 */
enum Script {
  /** A request's work, or a publication: new work, refused when memory is full. */
  TAKE_IN("commit.lua", Memory.ENOUGH),
  /** A delivery's work. */
  SETTLE("commit.lua", Memory.EVEN_FULL), CLAIM("claim.lua", Memory.EVEN_FULL), EXTEND("extend.lua",
      Memory.EVEN_FULL), RELEASE(
          "release.lua",
          Memory.EVEN_FULL), RETRY("retry.lua", Memory.EVEN_FULL), DEAD_LETTER("dead_letter.lua", Memory.EVEN_FULL);

  private enum Memory {
    ENOUGH("#!lua\n"), EVEN_FULL("#!lua flags=allow-oom\n");

    private final String shebang;

    Memory(String shebang) {
      this.shebang = shebang;
    }
  }

  private final String text;
  private final String digest;

  Script(String resource, Memory memory) {
    this.text = memory.shebang + read(resource);
    this.digest = sha1(text);
  }

  /** Runs it by its digest; where the server does not know it (any more), by its text, which teaches the server. */
  @SuppressWarnings("unchecked")
  CompletionStage<List<Object>> run(RedisAsyncCommands<String, byte[]> redis, String[] keys, byte[][] arguments) {
    CompletionStage<List<Object>> known = redis.evalsha(digest, ScriptOutputType.MULTI, keys, arguments);
    return known.exceptionallyCompose(failure -> isUnknown(failure)
        ? redis.<List<Object>>eval(text, ScriptOutputType.MULTI, keys, arguments)
        : CompletableFuture.failedStage(failure));
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
