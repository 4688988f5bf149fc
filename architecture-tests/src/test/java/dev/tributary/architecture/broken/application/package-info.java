/** Breaks the rules of its part. */
@NullMarked
package dev.tributary.architecture.broken.application;

import org.jspecify.annotations.NullMarked;
