/** The rules, one by one. */
@NullMarked
package dev.tributary.domain.order;

import org.jspecify.annotations.NullMarked;
