/** Breaks the rules of its part. */
@NullMarked
package dev.tributary.architecture.broken.eventjson;

import org.jspecify.annotations.NullMarked;
