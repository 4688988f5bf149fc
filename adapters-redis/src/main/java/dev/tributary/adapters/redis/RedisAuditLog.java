package dev.tributary.adapters.redis;

import dev.tributary.application.AuditLog;
import dev.tributary.application.Page;
import dev.tributary.domain.messaging.EntryId;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAddArgs;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A stream beside all others. It keeps about the last {@value #KEPT} deeds. */
final class RedisAuditLog implements AuditLog {

  private static final int KEPT = 100_000;

  private final Connections connections;

  RedisAuditLog(Connections connections) {
    this.connections = connections;
  }

  @Override
  public void record(String who, String action, String target, String result) {
    Map<String, byte[]> fields = Map.of("who", Utf8.bytes(who), "action", Utf8.bytes(action), "target",
        Utf8.bytes(target), "result", Utf8.bytes(result));
    var _ = connections.ask(redis -> redis
        .xadd(Keys.AUDIT, XAddArgs.Builder.maxlen(KEPT).approximateTrimming(), fields));
  }

  @Override
  public List<Deed> read(EntryId after, int limit) {
    Page.requireLimit(limit);
    return new Pages(connections, Keys.AUDIT).read(after.toString(), Range.Boundary.unbounded(), limit)
        .stream()
        .map(RedisAuditLog::deed)
        .toList();
  }

  private static Deed deed(StreamMessage<String, byte[]> message) {
    EntryId id = EntryId.parse(message.getId());
    Map<String, byte[]> fields = message.getBody();
    return new Deed(id, Instant.ofEpochMilli(id.millis()), text(fields, "who"), text(fields, "action"),
        text(fields, "target"), text(fields, "result"));
  }

  private static String text(Map<String, byte[]> fields, String name) {
    return new String(fields.getOrDefault(name, new byte[0]), StandardCharsets.UTF_8);
  }
}
