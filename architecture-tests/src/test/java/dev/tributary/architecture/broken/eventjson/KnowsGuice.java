package dev.tributary.architecture.broken.eventjson;

import com.google.inject.Injector;

/** Has a library that is not its own, and is public without being a door. */
public record KnowsGuice(Injector injector) {}
