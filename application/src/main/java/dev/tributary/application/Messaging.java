package dev.tributary.application;

import dev.tributary.domain.messaging.EventLog;
import dev.tributary.domain.messaging.EventPublisher;
import dev.tributary.domain.messaging.EventSubscriber;

/** All that a messaging adapter brings: log and store are one, so its ports come together. Every port may be used by many threads at once. */
public interface Messaging extends AutoCloseable {

  EventPublisher publisher();

  EventSubscriber subscriber();

  UnitOfWork unitOfWork();

  OrderHistory orderHistory();

  EventLog log();

  DeadLetters deadLetters();

  Operations operations();

  AuditLog auditLog();

  Health health();

  /** Closes what subscriptions are still open, all at the same time, then its connections. A second call does nothing. */
  @Override
  void close();
}
