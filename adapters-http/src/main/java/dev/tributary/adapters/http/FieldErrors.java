package dev.tributary.adapters.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** Collects what is wrong with the fields of one request, so that its client learns of all of it at once. */
final class FieldErrors {

  private final List<Problem.FieldError> found = new ArrayList<>();

  void add(String field, String message) {
    found.add(new Problem.FieldError(field, message));
  }

  /**
   * @param rule throws IllegalArgumentException with a message fit for clients
   * @return what the rule gives; empty if it refuses, which is noted
   */
  <T> Optional<T> check(String field, Supplier<T> rule) {
    try {
      return Optional.of(rule.get());
    } catch (IllegalArgumentException e) {
      add(field, Objects.requireNonNullElse(e.getMessage(), "is invalid"));
      return Optional.empty();
    }
  }

  /** @throws ProblemException with all that was noted, if anything was */
  void throwIfAny() {
    if (!found.isEmpty()) {
      throw new ProblemException(Problem.invalid(found));
    }
  }
}
