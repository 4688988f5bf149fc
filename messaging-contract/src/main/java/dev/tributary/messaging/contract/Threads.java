package dev.tributary.messaging.contract;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** All threads of this process, virtual ones too: only a thread dump shows those. */
final class Threads {

  private static final Pattern OURS = Pattern.compile("\"(tributary[^\"]*)\"");

  private Threads() {}

  /** The names of the adapters' threads, and of those of their libraries that they name. */
  static Set<String> left() {
    try {
      Path directory = Files.createTempDirectory("threads");
      Path dump = directory.resolve("dump.json");
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(dump.toString(), ThreadDumpFormat.JSON);
      String text = Files.readString(dump);
      Files.delete(dump);
      Files.delete(directory);
      return OURS.matcher(text).results().map((MatchResult match) -> match.group(1)).collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
