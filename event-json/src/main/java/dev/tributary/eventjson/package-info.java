/**
 * Events as the JSON that every stream carries, whatever the stream is made of. {@link dev.tributary.eventjson.EventCodec} is the way in; who keeps
 * states as JSON too finds the tools for that in {@link dev.tributary.eventjson.Json}, {@link dev.tributary.eventjson.Fields} and
 * {@link dev.tributary.eventjson.Values}.
 */
@NullMarked
package dev.tributary.eventjson;

import org.jspecify.annotations.NullMarked;
