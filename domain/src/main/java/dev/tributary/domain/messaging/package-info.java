/** The event ports, and the values that cross them. They block, they hold no future, and they say nothing of any broker. */
@NullMarked
package dev.tributary.domain.messaging;

import org.jspecify.annotations.NullMarked;
