/** Breaks the rules of its part. */
@NullMarked
package dev.tributary.architecture.broken.adapters.memory;

import org.jspecify.annotations.NullMarked;
