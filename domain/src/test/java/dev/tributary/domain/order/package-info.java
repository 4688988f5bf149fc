/** The rules of money and of the order. */
@NullMarked
package dev.tributary.domain.order;

import org.jspecify.annotations.NullMarked;
