/** The order: created, then paid or declined, then shipped. Each state is a type with only its own moves. */
@NullMarked
package dev.tributary.domain.order;

import org.jspecify.annotations.NullMarked;
