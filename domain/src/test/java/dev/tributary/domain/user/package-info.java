/** The rules of the user. */
@NullMarked
package dev.tributary.domain.user;

import org.jspecify.annotations.NullMarked;
