/** Breaks the rules of its part. */
@NullMarked
package dev.tributary.architecture.broken.domain;

import org.jspecify.annotations.NullMarked;
