package dev.tributary.adapters.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** What is in this jar or its libraries', to be served as it is. */
final class Resource {

  private Resource() {}

  /** @throws IllegalStateException if there is none of that name */
  static byte[] read(String name) {
    try (InputStream in = Resource.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("not in this jar or its libraries': " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
