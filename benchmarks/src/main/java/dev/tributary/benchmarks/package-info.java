/** How fast it is, beside what else one could use. Starts servers and processes of its own, and needs a machine for itself. */
@NullMarked
package dev.tributary.benchmarks;

import org.jspecify.annotations.NullMarked;
