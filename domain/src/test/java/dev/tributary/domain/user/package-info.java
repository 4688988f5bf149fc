/** The rules, one by one. */
@NullMarked
package dev.tributary.domain.user;

import org.jspecify.annotations.NullMarked;
