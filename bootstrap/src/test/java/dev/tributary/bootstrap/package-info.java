@NullMarked
package dev.tributary.bootstrap;

import org.jspecify.annotations.NullMarked;
