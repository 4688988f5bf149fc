package dev.tributary.adapters.redis;

import dev.tributary.application.StoreUnavailableException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What keeps a consumer from reading. Told to the log when it begins and when it is over, and to health meanwhile. */
final class Trouble {

  private final String name;
  private final Journal journal;
  private volatile @Nullable String problem;

  Trouble(String name, Journal journal) {
    this.name = name;
    this.journal = journal;
  }

  Optional<String> problem() {
    return Optional.ofNullable(problem).map(words -> name + ": " + words);
  }

  void failed(Throwable e) {
    boolean news = problem == null;
    problem = e instanceof StoreUnavailableException
        ? String.valueOf(e.getMessage())
        : "an unexpected error, which is in the log";
    if (news) {
      journal.cannotRead(String.valueOf(e.getMessage()),
          e.getCause() == null ? "" : String.valueOf(e.getCause().getMessage()));
    }
  }

  void recovered() {
    if (problem != null) {
      journal.readsAgain();
      problem = null;
    }
  }
}
