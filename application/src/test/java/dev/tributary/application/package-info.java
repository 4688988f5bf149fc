/** Use cases and handlers over a store of a few lines. */
@NullMarked
package dev.tributary.application;

import org.jspecify.annotations.NullMarked;
