/**
 * The services outside: mail over SMTP, payments and shipping over HTTP, and stand-ins that only log. {@link
 * dev.tributary.adapters.gateways.Gateways} is the door. Whatever a service answers is untrusted: reasons tell of it in our own words.
 */
@NullMarked
package dev.tributary.adapters.gateways;

import org.jspecify.annotations.NullMarked;
