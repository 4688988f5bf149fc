/** The contract on real Redis servers, and what is Redis's own. */
@NullMarked
package dev.tributary.adapters.redis;

import org.jspecify.annotations.NullMarked;
