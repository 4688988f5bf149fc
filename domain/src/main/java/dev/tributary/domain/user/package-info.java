/** The user: registered once per email address, given a profile, welcomed by mail. */
@NullMarked
package dev.tributary.domain.user;

import org.jspecify.annotations.NullMarked;
