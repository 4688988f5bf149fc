/** What users and orders have in common: events, decisions, and the syntax of ids. Nothing here knows a clock, a thread or a server. */
@NullMarked
package dev.tributary.domain;

import org.jspecify.annotations.NullMarked;
