/** Puts the parts together: settings, wiring, start and stop. The only package that knows Guice, and every adapter. */
@NullMarked
package dev.tributary.bootstrap;

import org.jspecify.annotations.NullMarked;
