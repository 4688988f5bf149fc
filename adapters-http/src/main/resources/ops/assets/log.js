// The log as it grows.
import { byId, keyed, make, say } from "/ops/assets/dom.js";
import { count, timeOfDay } from "/ops/assets/words.js";

const LINES = 200;
/** So much of what was there before. */
const BEFORE_MS = 2000;
/** Of more partitions, the server follows only one at a time. */
const MOST_FOLLOWED = 256;
let tail = null;
let paused = false;
let planned = false;
let kept = [];
/** How far the tail has come. */
let place = null;
let showLife = () => {};

const millisOf = (id) => Number(id.split("-")[0]);

/** Ids are unique within a partition only. */
const nameOf = ({ id, partition }) => partition === undefined ? id : `${partition}:${id}`;

function line(entry) {
  const { type, key, event } = entry.fields;
  return make("li", {},
    make("time", { datetime: new Date(millisOf(entry.id)).toISOString(), title: nameOf(entry), text: timeOfDay(millisOf(entry.id)) }),
    make("span", { class: "type", text: type ?? "no type" }),
    key ? make("button", { type: "button", class: "link", title: "Show its life", text: key, onclick: () => showLife(key) }) : make("span", { class: "quiet", text: "no key" }),
    make("details", { class: "payload" }, make("summary", { text: event ?? JSON.stringify(entry.fields) }), make("pre", { text: JSON.stringify(entry.fields, null, 2) })));
}

const textOf = (entry) => `${entry.id} ${Object.values(entry.fields).join(" ")}`.toLowerCase();

function show() {
  planned = false;
  const wanted = byId("log-filter").value.trim().toLowerCase();
  const lines = kept.filter((entry) => textOf(entry).includes(wanted));
  keyed(byId("log-lines"), lines, nameOf, line, () => {});
  byId("log-empty").hidden = lines.length > 0;
  say(byId("log-empty"), kept.length > 0 ? "No line has that text." : "Waiting for the next entry.");
  say(byId("log-count"), `${count(lines.length)} of the newest ${count(kept.length)}${paused ? ", paused" : ""}`);
}

/** However many come, the page draws once a frame. */
function plan() {
  if (planned || paused) return;
  planned = true;
  requestAnimationFrame(show);
}

const placeBefore = (millis) => `${Math.max(0, millis - BEFORE_MS)}-0`;

/** A little before the newest entry of all partitions. */
function end(streams, name) {
  const lasts = streams.filter(({ stream, lastId }) => stream === name && lastId).map(({ lastId }) => millisOf(lastId));
  return lasts.length > 0 ? placeBefore(Math.max(...lasts)) : null;
}

/** Anew, or from where it stopped. */
function follow(streams, anew = true) {
  tail?.close();
  if (anew) {
    kept = [];
    place = null;
  }
  const name = byId("log-stream").value;
  const query = new URLSearchParams();
  const from = place ?? end(streams, name);
  if (from) query.set("after", from);
  if (streams.filter(({ stream }) => stream === name).length > MOST_FOLLOWED) query.set("partition", "0");
  tail = new EventSource(`/ops/streams/${encodeURIComponent(name)}/tail?${query}`);
  tail.onmessage = ({ data, lastEventId }) => {
    place = lastEventId;
    const entry = JSON.parse(data);
    if (kept.some((other) => nameOf(other) === nameOf(entry))) return;
    kept.unshift(entry);
    kept.length = Math.min(kept.length, LINES);
    plan();
  };
  show();
}

let known = [];

export function showStreams(streams) {
  known = streams;
  const names = [...new Set(streams.map(({ stream }) => stream))];
  keyed(byId("log-stream"), names, (name) => name, (name) => make("option", { value: name, text: name }), () => {});
  // A browser does not come again by itself where it was refused.
  if (names.length > 0 && (tail === null || tail.readyState === EventSource.CLOSED)) follow(streams, false);
}

export function start(life) {
  showLife = life;
}

byId("log-choice").addEventListener("submit", (event) => event.preventDefault());
byId("log-stream").addEventListener("change", () => follow(known));
byId("log-filter").addEventListener("input", show);
byId("log-pause").addEventListener("click", ({ target }) => {
  paused = !paused;
  target.setAttribute("aria-pressed", String(paused));
  show();
});
