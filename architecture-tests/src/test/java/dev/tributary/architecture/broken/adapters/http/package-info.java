/** Breaks the rules of its part. */
@NullMarked
package dev.tributary.architecture.broken.adapters.http;

import org.jspecify.annotations.NullMarked;
