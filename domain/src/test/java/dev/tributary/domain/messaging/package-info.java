/** The rules, one by one. */
@NullMarked
package dev.tributary.domain.messaging;

import org.jspecify.annotations.NullMarked;
