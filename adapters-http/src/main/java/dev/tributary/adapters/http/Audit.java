package dev.tributary.adapters.http;

import dev.tributary.application.AuditLog;
import dev.tributary.application.StoreUnavailableException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes what operators do, whatever became of it: as a line in the process's log before and after, and in the audit log after. What was done is
 * done: where the audit log cannot be written, the operator has the outcome all the same, and the log line, an error then, is the note.
 */
record Audit(AuditLog deeds) {

  private static final Logger log = LoggerFactory.getLogger(Audit.class);
  private static final int LONGEST = 500;

  /** @param words the outcome in words */
  <T> T of(String who, String action, String target, Supplier<T> deed, Function<T, String> words) {
    log.info("{}: {} {}", who, action, line(target));
    try {
      T result = deed.get();
      note(who, action, target, words.apply(result));
      return result;
    } catch (ProblemException e) {
      note(who, action, target, "refused: " + e.problem().detail());
      throw e;
    } catch (StoreUnavailableException e) {
      note(who, action, target, "failed: the store did not answer; some of it may have been done");
      throw e;
    } catch (RuntimeException e) {
      note(who, action, target, "failed; some of it may have been done");
      throw e;
    }
  }

  void note(String who, String action, String target, String result) {
    try {
      deeds.record(who, action, line(target), result);
      log.info("{}: {} {}: {}", who, action, line(target), result);
    } catch (StoreUnavailableException e) {
      log.error("{}: {} {}: {}; the audit log could not be written: {}", who, action, line(target), result,
          e.getMessage());
    }
  }

  /** What a client named may be long, and hold line breaks. */
  private static String line(String text) {
    String line = text.replaceAll("\\p{Cntrl}", " ");
    return line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
  }
}
