/** Breaks the rules of its part. */
@NullMarked
package dev.tributary.architecture.broken.adapters.metrics;

import org.jspecify.annotations.NullMarked;
