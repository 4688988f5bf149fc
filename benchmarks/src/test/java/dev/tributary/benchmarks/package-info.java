/** What is measured is also computed right. */
@NullMarked
package dev.tributary.benchmarks;

import org.jspecify.annotations.NullMarked;
