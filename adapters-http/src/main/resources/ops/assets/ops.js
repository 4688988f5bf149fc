// The operations page: everything it shows comes from the API under /ops, and is kept up to date by one stream of events.
import { byId, call, say } from "/ops/assets/dom.js";
import * as care from "/ops/assets/care.js";
import * as consumers from "/ops/assets/consumers.js";
import * as dead from "/ops/assets/dead.js";
import * as flow from "/ops/assets/flow.js";
import * as groups from "/ops/assets/groups.js";
import * as history from "/ops/assets/history.js";
import * as life from "/ops/assets/life.js";
import * as log from "/ops/assets/log.js";
import { timeOfDay } from "/ops/assets/words.js";

const TRY_AGAIN_MS = 2000;
/** There is news every 2 s: a connection that brings none for so long is dead, whatever the browser thinks. */
const SILENCE_MS = 8000;

let streams = null;
let asOf = null;
let events = null;
let lastNews = 0;

function act(section, stream, group) {
  if (section === "dead") dead.choose(stream, group);
  if (section === "holds") consumers.choose(stream, group);
  byId(section).scrollIntoView();
  byId(section).querySelector("select, button").focus({ preventScroll: true });
}

function draw() {
  if (streams === null) return;
  groups.show(streams, act, dead.why);
  flow.show(streams);
  consumers.show(streams);
  dead.show(streams);
  log.showStreams(streams);
}

function linkIs(state, words, why = "") {
  document.body.dataset.link = state;
  byId("link").dataset.state = state;
  say(byId("link-words"), words);
  byId("away").hidden = !why;
  say(byId("away"), why && asOf ? `${why} What you see is as of ${timeOfDay(asOf)}.` : why);
  if (why) groups.noVerdict(asOf ? `No news since ${timeOfDay(asOf)}.` : "No news yet.");
}

function news(sample) {
  lastNews = Date.now();
  asOf = sample.at;
  streams = sample.streams;
  history.remember(sample);
  linkIs("ok", "live");
  draw();
}

async function connect() {
  events?.close();
  lastNews = Date.now();
  try {
    // First what was missed: the plots have no gap where the server has seen what this page has not.
    const { samples } = await call("/ops/history");
    samples.forEach((sample) => { history.remember(sample); dead.noteRedrives(sample); });
    listen();
  } catch (failure) {
    lost(`Disconnected: ${failure.message}`);
  }
}

function listen() {
  events = new EventSource("/ops/live");
  events.addEventListener("status", ({ data }) => news(JSON.parse(data)));
  events.addEventListener("away", ({ data }) => { lastNews = Date.now(); linkIs("bad", "store away", JSON.parse(data).reason); });
  events.onerror = () => lost("Disconnected: the server cannot be reached.");
}

function lost(why) {
  events?.close();
  events = null;
  linkIs("bad", "disconnected", `${why} Trying again.`);
  setTimeout(connect, TRY_AGAIN_MS);
}

setInterval(() => { if (events && Date.now() - lastNews > SILENCE_MS) lost("Disconnected: the server is silent."); }, 1000);
addEventListener("resize", () => requestAnimationFrame(draw));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
dead.start(life.show, care.audit);
log.start(life.show);
care.audit();
connect();
