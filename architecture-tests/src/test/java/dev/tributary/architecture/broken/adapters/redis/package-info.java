/** Breaks the rules of its part. */
@NullMarked
package dev.tributary.architecture.broken.adapters.redis;

import org.jspecify.annotations.NullMarked;
