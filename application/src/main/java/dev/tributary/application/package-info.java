/**
 * The use cases of users and orders, the handlers of their events, and the ports through which both reach the world. Nothing here knows which
 * store, broker or protocol is behind a port.
 */
@NullMarked
package dev.tributary.application;

import org.jspecify.annotations.NullMarked;
