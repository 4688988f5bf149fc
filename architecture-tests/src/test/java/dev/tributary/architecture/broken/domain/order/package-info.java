/** Breaks the rules of its part. */
@NullMarked
package dev.tributary.architecture.broken.domain.order;

import org.jspecify.annotations.NullMarked;
