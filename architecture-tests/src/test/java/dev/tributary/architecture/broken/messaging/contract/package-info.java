/** Breaks the rules of its part. */
@NullMarked
package dev.tributary.architecture.broken.messaging.contract;

import org.jspecify.annotations.NullMarked;
