package dev.tributary.architecture.broken.domain;

import dev.tributary.domain.DomainEvent;

/** An event that is no record, of no family, in the present tense. */
final class SomethingHappens implements DomainEvent {

  @Override
  public String type() {
    return "something_happens";
  }

  @Override
  public String key() {
    return "1";
  }
}
