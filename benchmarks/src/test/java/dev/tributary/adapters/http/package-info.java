/** Benchmarks of what the adapter keeps to itself. */
@NullMarked
package dev.tributary.adapters.http;

import org.jspecify.annotations.NullMarked;
