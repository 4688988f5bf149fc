package dev.tributary.architecture.broken.domain.order;

import dev.tributary.architecture.broken.domain.user.KnowsOrders;

/** Half of a cycle. */
public record KnowsUsers(KnowsOrders other) {}
