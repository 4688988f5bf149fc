/** Breaks the rules of its part. */
@NullMarked
package dev.tributary.architecture.broken.adapters.traces;

import org.jspecify.annotations.NullMarked;
