package dev.tributary.domain;

/**
 * Something that happened, told in the past tense. An event carries neither an id nor a time of its own: both come from outside when it is
 * {@linkplain dev.tributary.domain.messaging.Recorded recorded}, so that deciding twice gives equal events.
 */
public interface DomainEvent {

  /** Its name outside this program: snake_case, for example {@code order_created}. Never changes once published. */
  String type();

  /** The id of the user or order that it tells of: 1–64 characters of {@code A–Z a–z 0–9 _ -}. */
  String key();
}
