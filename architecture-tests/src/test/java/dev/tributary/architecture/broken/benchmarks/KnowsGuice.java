package dev.tributary.architecture.broken.benchmarks;

import com.google.inject.Injector;

/** Has a library that is not its own. */
record KnowsGuice(Injector injector) {}
