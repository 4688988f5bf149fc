/** The product as its users have it: real processes, a real Redis, and services that bear witness. */
@NullMarked
package dev.tributary.bootstrap;

import org.jspecify.annotations.NullMarked;
