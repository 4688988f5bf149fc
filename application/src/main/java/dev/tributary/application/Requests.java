package dev.tributary.application;

import dev.tributary.domain.messaging.Work;

/** Commits a request's work, once more where the first reply was lost: the request's id makes the second call harmless. */
record Requests(UnitOfWork store) {

  CommitResult commit(RequestId request, Work work) {
    try {
      return store.commit(request, work);
    } catch (StoreUnavailableException _) {
      return store.commit(request, work);
    }
  }
}
