// The last 15 minutes of each stream and group, as far as samples tell.
import { keyOf, streamName, waiting } from "/ops/assets/words.js";

export const SPAN_SECONDS = 15 * 60;
const RECENT_SECONDS = 10;
const series = new Map();
let newest = 0;

/** Per second; unknown where entries were trimmed meanwhile. */
function pace(before, now) {
  if (!before || before.first !== now.first && before.first !== null || now.at <= before.at) return null;
  return Math.max(0, (now.done - before.done) / (now.at - before.at));
}

function add(key, now, waits) {
  const own = series.get(key) ?? { at: [], pace: [], waits: [], last: null };
  series.set(key, own);
  own.at.push(now.at);
  own.pace.push(pace(own.last, now));
  own.waits.push(waits);
  own.last = now;
  while (own.at[0] < now.at - SPAN_SECONDS) [own.at, own.pace, own.waits].forEach((values) => values.shift());
}

/** Samples that are older than one that is known change nothing. */
export function remember({ at, streams }) {
  const seconds = Date.parse(at) / 1000;
  if (seconds <= newest) return;
  newest = seconds;
  for (const stream of streams) {
    add(streamName(stream), { at: seconds, done: stream.length, first: stream.firstId }, 0);
    for (const group of stream.groups) {
      add(keyOf(stream, group), { at: seconds, done: stream.length - waiting(group), first: stream.firstId }, waiting(group));
    }
  }
}

export const now = () => newest;
export const of = (key) => series.get(key) ?? { at: [], pace: [], waits: [] };

/** Per second, in the last 10 s. */
export function recentPace(key) {
  const { at, pace: paces } = of(key);
  const recent = paces.filter((value, index) => value !== null && at[index] > newest - RECENT_SECONDS);
  return recent.length > 0 ? recent.reduce((sum, value) => sum + value, 0) / recent.length : 0;
}
