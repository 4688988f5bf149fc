package dev.tributary.domain.messaging;

/** Where one aggregate's state is kept. */
public record StateKey<S>(Aggregate<S> aggregate, String id) {

  @Override
  public String toString() {
    return aggregate.name() + ":" + id;
  }
}
