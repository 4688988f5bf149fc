package dev.tributary.architecture.broken.application;

import com.google.inject.Injector;
import java.util.concurrent.CompletableFuture;

/** A port with a future in it, that knows Guice. */
interface Promises {

  CompletableFuture<String> later(Injector injector);
}
