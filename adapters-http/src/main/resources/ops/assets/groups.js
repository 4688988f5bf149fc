// The verdict, and a card with plots for each group.
import uPlot from "/ops/assets/uplot.js";
import { byId, keyed, make, part, say } from "/ops/assets/dom.js";
import * as history from "/ops/assets/history.js";
import { count, duration, inShort, keyOf, nameOf, plural, rate, readers, stateOf, streamName, troubles } from "/ops/assets/words.js";

const PLOT_HEIGHT = 44;
const FIGURES = [["lag", "Lag"], ["pending", "Pending"], ["retrying", "Retrying"], ["deadLetters", "Dead letters"], ["oldest", "Oldest"], ["consumers", "Consumers"]];
const plots = new WeakMap();
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const everyGroup = (streams) => streams.flatMap((stream) => stream.groups.map((group) => ({ stream, group })));

// ---- The verdict

function verdictWords(groups, told) {
  if (groups.length === 0) return ["warn", "No group has started yet."];
  const stuck = told.filter(({ trouble }) => trouble.state === "bad");
  const names = (some) => new Set(some.map(({ stream, group }) => keyOf(stream, group))).size;
  if (stuck.length > 0) return ["bad", `${plural(names(stuck), "group is", "groups are")} stuck.`];
  if (told.length > 0) return ["warn", `Nothing is stuck, but ${plural(names(told), "group needs", "groups need")} a look.`];
  return ["ok", "Nothing is stuck."];
}

function trouble({ stream, group }, act) {
  const button = make("button", { type: "button", class: "plain", "data-part": "act", onclick: () => act(button.dataset.section, stream, group) });
  return make("li", {}, make("span", { class: "dot", "aria-hidden": "true" }), make("span", { class: "told" },
    make("strong", { text: nameOf(stream, group) }), " ", make("span", { "data-part": "what" })), button);
}

function verdict(streams, act, why) {
  const groups = everyGroup(streams);
  const told = groups.flatMap(({ stream, group }) => troubles(group).map((found) => ({ stream, group, trouble: found })))
    .toSorted((a, b) => (a.trouble.state === b.trouble.state ? 0 : a.trouble.state === "bad" ? -1 : 1));
  const [state, words] = verdictWords(groups, told);
  byId("verdict").dataset.state = state;
  say(byId("verdict-words"), words);
  document.title = `${state === "ok" ? "" : state === "bad" ? "(stuck) " : "(!) "}Tributary operations`;
  keyed(byId("troubles"), told, (item) => `${keyOf(item.stream, item.group)} ${item.trouble.kind}`, (item) => trouble(item, act), (item, { stream, group, trouble: found }) => {
    item.dataset.state = found.state;
    say(part(item, "what"), `${found.what}.${found.kind === "dead" ? why(stream, group) : ""}`);
    say(part(item, "act"), found.act);
    part(item, "act").dataset.section = found.section;
  });
}

/** Nobody knows now whether anything is stuck. */
export function noVerdict(words) {
  byId("verdict").dataset.state = "wait";
  say(byId("verdict-words"), words);
  document.title = "(?) Tributary operations";
}

// ---- Cards

function plot(place, name) {
  return new uPlot({
    width: 240, height: PLOT_HEIGHT, cursor: { show: false }, legend: { show: false }, padding: [4, 0, 1, 0],
    axes: [{ show: false }, { show: false }],
    scales: { x: { time: true, range: () => [history.now() - history.SPAN_SECONDS, history.now()] }, y: { range: (_, low, high) => [0, Math.max(1, (high ?? 1) * 1.1)] } },
    series: [{}, { stroke: () => colour(name), fill: () => `${colour(name)}26`, width: 1.5, points: { show: false } }],
  }, [[], []], place);
}

function plotted(label, name) {
  const place = make("div", { class: "plot", role: "img" });
  const element = make("figure", { "data-part": name }, make("figcaption", {}, make("span", { text: label }), make("span", { class: "quiet", "data-part": "peak" })), place);
  return { element, place };
}

function card({ stream, group }) {
  const figures = make("dl", { class: "figures" }, ...FIGURES.map(([name, label]) => make("div", {}, make("dt", { text: label }), make("dd", { "data-part": name }))));
  const pace = plotted("Handled a second", "pace");
  const waits = plotted("Waiting", "waits");
  const element = make("article", { class: "card", "aria-label": nameOf(stream, group) },
    make("header", {}, make("h3", { text: group.group }), make("div", {}, make("p", { class: "quiet", text: `on ${streamName(stream)}` }), make("span", { class: "badge", "data-part": "state" }))),
    make("p", { class: "pace" }, make("strong", { "data-part": "rate" }), " a second"), figures, make("div", { class: "plots" }, pace.element, waits.element));
  plots.set(element, { pace: plot(pace.place, "accent"), waits: plot(waits.place, "ink") });
  return element;
}

function draw(figure, uplot, at, values, unit) {
  const peak = Math.max(0, ...values.filter((value) => value !== null));
  say(part(figure, "peak"), `peak ${rate(peak)}`);
  const place = figure.querySelector(".plot");
  const minutes = at.length > 1 ? Math.ceil((at.at(-1) - at[0]) / 60) : 0;
  place.setAttribute("aria-label", `${unit} in the last ${plural(minutes, "minute")}: at most ${rate(peak)}, now ${rate(values.at(-1) ?? 0)}`);
  place.dataset.points = at.length;
  if (place.clientWidth > 0 && place.clientWidth !== uplot.width) uplot.setSize({ width: place.clientWidth, height: PLOT_HEIGHT });
  uplot.setData([at, values]);
}

function update(element, { stream, group }) {
  element.dataset.state = stateOf(group);
  say(part(element, "state"), inShort(group));
  say(part(element, "rate"), rate(history.recentPace(keyOf(stream, group))));
  for (const name of ["lag", "pending", "retrying", "deadLetters"]) {
    say(part(element, name), count(group[name]));
    part(element, name).classList.toggle("nothing", group[name] === 0);
  }
  part(element, "retrying").classList.toggle("warn", group.retrying > 0);
  part(element, "deadLetters").classList.toggle("warn", group.deadLetters > 0);
  say(part(element, "oldest"), group.oldestUnsettledAgeMs > 0 ? duration(group.oldestUnsettledAgeMs) : "–");
  part(element, "oldest").classList.toggle("nothing", group.oldestUnsettledAgeMs === 0);
  say(part(element, "consumers"), count(readers(group).length));
  const { at, pace, waits } = history.of(keyOf(stream, group));
  draw(part(element, "pace"), plots.get(element).pace, at, pace, "Handled a second");
  draw(part(element, "waits"), plots.get(element).waits, at, waits, "Waiting");
}

/** @param act called with where to do something about it, and the stream and group
    @param why tells why a group gave up, as far as it is known */
export function show(streams, act, why) {
  verdict(streams, act, why);
  const groups = everyGroup(streams);
  byId("cards").setAttribute("aria-busy", "false");
  byId("cards-loading").hidden = true;
  byId("cards-empty").hidden = groups.length > 0;
  keyed(byId("cards"), groups, ({ stream, group }) => keyOf(stream, group), card, update);
}
