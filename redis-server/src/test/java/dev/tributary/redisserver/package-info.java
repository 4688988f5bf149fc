/** Tests with real processes. */
@NullMarked
package dev.tributary.redisserver;

import org.jspecify.annotations.NullMarked;
