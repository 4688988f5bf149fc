/** Breaks the rules of its part. */
@NullMarked
package dev.tributary.architecture.broken.adapters.gateways;

import org.jspecify.annotations.NullMarked;
