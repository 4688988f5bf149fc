/** What is counted, timed and shown. */
@NullMarked
package dev.tributary.adapters.metrics;

import org.jspecify.annotations.NullMarked;
