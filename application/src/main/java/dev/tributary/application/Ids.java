package dev.tributary.application;

import java.util.UUID;

/** Where new ids come from: UUIDs of version 7, so that later ones sort behind. */
@FunctionalInterface
public interface Ids {

  /** @return one that was not given before. Any thread may call it; it waits for nothing */
  UUID next();
}
