/** The operations page as its users see it: in a real browser, served by the product's own process, on a real Redis. */
@NullMarked
package dev.tributary.pages;

import org.jspecify.annotations.NullMarked;
