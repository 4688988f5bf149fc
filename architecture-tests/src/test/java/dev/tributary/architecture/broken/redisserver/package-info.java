/** Breaks the rules of its part. */
@NullMarked
package dev.tributary.architecture.broken.redisserver;

import org.jspecify.annotations.NullMarked;
