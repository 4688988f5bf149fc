/** Breaks the rules of its part. */
@NullMarked
package dev.tributary.architecture.broken.benchmarks;

import org.jspecify.annotations.NullMarked;
