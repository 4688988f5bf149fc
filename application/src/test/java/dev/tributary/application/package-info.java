/** Use cases and handlers against a store in memory and services that answer as told. */
@NullMarked
package dev.tributary.application;

import org.jspecify.annotations.NullMarked;
