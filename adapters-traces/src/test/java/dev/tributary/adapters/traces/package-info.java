/** What a trace tells, and what it does not change. */
@NullMarked
package dev.tributary.adapters.traces;

import org.jspecify.annotations.NullMarked;
