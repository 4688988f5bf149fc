/** The syntax of ids, and what a decision keeps. */
@NullMarked
package dev.tributary.domain;

import org.jspecify.annotations.NullMarked;
