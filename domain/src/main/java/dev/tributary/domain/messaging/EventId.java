package dev.tributary.domain.messaging;

import java.util.UUID;

/** Names one event for ever. The same event stored, delivered or handled twice is known by it. */
public record EventId(UUID value) {

  @Override
  public String toString() {
    return value.toString();
  }
}
