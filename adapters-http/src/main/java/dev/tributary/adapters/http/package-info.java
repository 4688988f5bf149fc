/**
 * The HTTP front: parses a request, calls a use case, answers. {@link dev.tributary.adapters.http.HttpApi} is its door; the rules that it
 * checks requests by are the domain's own.
 */
@NullMarked
package dev.tributary.adapters.http;

import org.jspecify.annotations.NullMarked;
