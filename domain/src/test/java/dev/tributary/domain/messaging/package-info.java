/** The values that cross the event ports. */
@NullMarked
package dev.tributary.domain.messaging;

import org.jspecify.annotations.NullMarked;
