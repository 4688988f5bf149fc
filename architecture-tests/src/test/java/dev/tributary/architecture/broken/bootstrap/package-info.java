/** Breaks the rules of its part. */
@NullMarked
package dev.tributary.architecture.broken.bootstrap;

import org.jspecify.annotations.NullMarked;
