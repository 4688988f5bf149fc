/** Benchmarks of what the adapter keeps to itself. */
@NullMarked
package dev.tributary.adapters.redis;

import org.jspecify.annotations.NullMarked;
