/**
 * What happens, counted and timed with Micrometer and shown as Prometheus text. {@link dev.tributary.adapters.metrics.Metrics} is the door. The
 * alert rules and the dashboard under {@code ops} are built on the names that are given here: a test holds them together.
 */
@NullMarked
package dev.tributary.adapters.metrics;

import org.jspecify.annotations.NullMarked;
