/** The product as its users have it, real processes on a real Redis with services that bear witness, and everything that breaks. */
@NullMarked
package dev.tributary.faults;

import org.jspecify.annotations.NullMarked;
