package dev.tributary.domain.user;

import java.time.Instant;

/**
 * What others see of a user.
 *
 * @param displayName the user's name, or the part of the address before the @ where there is none
 */
public record Profile(String displayName, Instant createdAt) {}
