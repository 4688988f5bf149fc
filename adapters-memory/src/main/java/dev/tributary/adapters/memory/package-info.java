/**
 * All messaging ports in memory, with the leases, redeliveries and fences of the real thing: for unit tests, and to run without a server.
 * {@link dev.tributary.adapters.memory.MemoryMessaging} is the only way in.
 */
@NullMarked
package dev.tributary.adapters.memory;

import org.jspecify.annotations.NullMarked;
