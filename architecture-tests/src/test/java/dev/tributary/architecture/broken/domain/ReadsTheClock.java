package dev.tributary.architecture.broken.domain;

import java.net.URI;
import java.time.Instant;
import java.util.function.Supplier;

/** Knows the network, reads a clock through a method reference, and is a class with a life of its own. */
class ReadsTheClock {

  final Supplier<Instant> clock = Instant::now;

  URI where() {
    return URI.create("http://localhost");
  }
}
