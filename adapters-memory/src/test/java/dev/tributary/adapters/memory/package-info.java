/** The contract on memory. */
@NullMarked
package dev.tributary.adapters.memory;

import org.jspecify.annotations.NullMarked;
