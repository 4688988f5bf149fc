package dev.tributary.bootstrap;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Which messaging adapter a process runs on. */
enum MessagingKind {
  /** A server that is there. */
  REDIS,
  /** The same adapter on a bundled server that lives and dies with this process. */
  EMBEDDED,
  /** No server, nothing kept. */
  MEMORY;

  /** As it stands in {@code MESSAGING}. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<MessagingKind> of(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
  }
}
