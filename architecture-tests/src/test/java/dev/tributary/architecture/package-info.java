/** The boundaries of the house as rules, and a house in which every one of them is broken. */
@NullMarked
package dev.tributary.architecture;

import org.jspecify.annotations.NullMarked;
