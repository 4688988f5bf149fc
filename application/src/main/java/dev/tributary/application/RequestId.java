package dev.tributary.application;

import java.util.UUID;

/** Names one request for ever: committing its work again, by this id, changes nothing. */
public record RequestId(UUID value) {}
