/** Starts real redis-server processes from the binary that a dependency brings along: for first steps and for tests, on loopback only. */
@NullMarked
package dev.tributary.redisserver;

import org.jspecify.annotations.NullMarked;
