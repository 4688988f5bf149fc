// The operations page. Everything it shows comes from the API under /ops; text from events goes into the page as text, never as markup.
import uPlot from "/ops/assets/uplot.js";

const PAGE = 50;
const LOG_LINES = 200;
const SPAN_SECONDS = 15 * 60;
const STUCK_MS = 5 * 60_000;
const SLOW_MS = 30_000;

const byId = (id) => document.getElementById(id);
const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") element.textContent = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
};
const svg = (tag, attributes = {}, text = "") => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text) element.textContent = text;
  return element;
};
const count = new Intl.NumberFormat("en");
const plural = (n, one, many = `${one}s`) => `${count.format(n)} ${n === 1 ? one : many}`;
const duration = (ms) => {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 90_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 5_400_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 172_800_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} d`;
};

async function call(path, body) {
  const answer = await fetch(path, body === undefined ? {} : {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  if (answer.status === 401) location.assign("/ops");
  const json = await answer.json();
  if (!answer.ok) throw new Error(json.detail || json.title || `status ${answer.status}`);
  return json;
}

// ---- What the figures mean

function judge(group) {
  const waiting = group.lag + group.pending;
  if (group.consumers.length === 0 && waiting > 0) return ["bad", "nobody reads it, and entries wait"];
  if (group.oldestUnsettledAgeMs >= STUCK_MS) return ["bad", `stuck: the oldest has waited ${duration(group.oldestUnsettledAgeMs)}`];
  if (group.deadLetters > 0) return ["warn", `${plural(group.deadLetters, "dead letter")} to look at`];
  if (group.retrying > 0) return ["warn", `${plural(group.retrying, "delivery", "deliveries")} to be tried again`];
  if (group.oldestUnsettledAgeMs >= SLOW_MS) return ["warn", `behind by ${duration(group.oldestUnsettledAgeMs)}`];
  return ["ok", waiting > 0 ? "at work" : "all settled"];
}

const nameOf = (stream, group) => `${group.group} on ${stream.stream}${stream.partition > 0 ? `.${stream.partition}` : ""}`;
const keyOf = (stream, group) => `${stream.stream}/${stream.partition}/${group.group}`;

function verdict(streams) {
  const groups = streams.flatMap((stream) => stream.groups.map((group) => ({ stream, group, judged: judge(group) })));
  const worst = groups.filter(({ judged }) => judged[0] === "bad");
  const poor = groups.filter(({ judged }) => judged[0] === "warn");
  const told = worst.length > 0 ? worst : poor;
  const place = byId("verdict");
  if (groups.length === 0) {
    place.dataset.state = "warn";
    place.textContent = "No group has started yet.";
  } else if (told.length === 0) {
    place.dataset.state = "ok";
    place.textContent = "Nothing is stuck.";
  } else {
    place.dataset.state = worst.length > 0 ? "bad" : "warn";
    place.textContent = told.map(({ stream, group, judged }) => `${nameOf(stream, group)}: ${judged[1]}`).join(" · ");
  }
}

// ---- Cards and plots

const cards = new Map();
const history = new Map();

function remember(key, at, group) {
  const samples = history.get(key) ?? [[], [], []];
  history.set(key, samples);
  samples[0].push(at);
  samples[1].push(group.lag + group.pending);
  samples[2].push(group.deadLetters);
  while (samples[0].length > 0 && samples[0][0] < at - SPAN_SECONDS) samples.forEach((series) => series.shift());
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function card(stream, group) {
  const figures = {};
  const list = make("dl");
  for (const [name, label] of [["lag", "Lag"], ["pending", "Pending"], ["retrying", "Retrying"], ["deadLetters", "Dead letters"], ["oldestUnsettledAgeMs", "Oldest"], ["consumers", "Consumers"]]) {
    figures[name] = make("dd", { text: "0" });
    list.append(make("div", {}, make("dt", { text: label }), figures[name]));
  }
  const words = make("p", { class: "words" });
  const place = make("div", { class: "plot", role: "img", "aria-label": "Waiting entries in the last 15 minutes" });
  const element = make("article", { class: "card ok", "aria-label": nameOf(stream, group) },
    make("header", {}, make("h3", { text: group.group }), make("span", { class: "quiet", text: stream.stream + (stream.partition > 0 ? `.${stream.partition}` : "") })),
    words, list, place);
  const plot = new uPlot({
    width: 280, height: 60, cursor: { show: false }, legend: { show: false },
    axes: [{ show: false }, { show: false }],
    scales: { x: { time: true }, y: { range: (_, low, high) => [0, Math.max(1, high ?? 1)] } },
    series: [{}, { stroke: () => colour("accent"), fill: () => colour("accent") + "22", width: 2 }],
  }, [[], []], place);
  return { element, figures, words, plot, place };
}

function show(stream, group) {
  const key = keyOf(stream, group);
  if (!cards.has(key)) {
    cards.set(key, card(stream, group));
    byId("cards").append(cards.get(key).element);
  }
  const { element, figures, words, plot, place } = cards.get(key);
  const [state, said] = judge(group);
  element.className = `card ${state}`;
  words.textContent = said;
  for (const name of ["lag", "pending", "retrying", "deadLetters"]) figures[name].textContent = count.format(group[name]);
  figures.oldestUnsettledAgeMs.textContent = group.oldestUnsettledAgeMs > 0 ? duration(group.oldestUnsettledAgeMs) : "none";
  figures.consumers.textContent = count.format(group.consumers.length);
  const samples = history.get(key);
  if (samples && samples[0].length > 1) {
    plot.setSize({ width: Math.max(200, place.clientWidth), height: 60 });
    plot.setData([samples[0], samples[1]]);
  }
}

// ---- The flow as a picture

function draw(streams) {
  const picture = byId("flow");
  const rows = streams.flatMap((stream) => stream.groups.length > 0 ? stream.groups.map((group) => ({ stream, group })) : [{ stream, group: null }]);
  const height = Math.max(1, rows.length) * 56 + 16;
  picture.setAttribute("viewBox", `0 0 900 ${height}`);
  picture.replaceChildren();
  streams.forEach((stream) => {
    const own = rows.map((row, index) => (row.stream === stream ? index : -1)).filter((index) => index >= 0);
    const middle = (own[0] + own.at(-1)) / 2 * 56 + 36;
    own.forEach((index) => {
      const { group } = rows[index];
      const y = index * 56 + 36;
      if (group) {
        const [state] = judge(group);
        const waiting = group.lag + group.pending;
        const width = 2 + Math.min(16, Math.log2(1 + waiting) * 1.6);
        picture.append(svg("path", { d: `M 250 ${middle} C 400 ${middle}, 430 ${y}, 560 ${y}`, class: state, "stroke-width": width }));
        picture.append(svg("text", { x: 405, y: (middle + y) / 2 - 10, class: "small", "text-anchor": "middle" }, waiting > 0 ? `${count.format(waiting)} waiting` : ""));
        picture.append(svg("rect", { x: 560, y: y - 20, width: 320, height: 40, rx: 8 }));
        picture.append(svg("text", { x: 576, y: y - 2 }, group.group));
        picture.append(svg("text", { x: 576, y: y + 14, class: "small" }, `${plural(group.consumers.length, "consumer")}${group.deadLetters > 0 ? `, ${plural(group.deadLetters, "dead letter")}` : ""}`));
      }
    });
    picture.append(svg("rect", { x: 10, y: middle - 22, width: 240, height: 44, rx: 8 }));
    picture.append(svg("text", { x: 26, y: middle - 3 }, stream.stream + (stream.partition > 0 ? `.${stream.partition}` : "")));
    picture.append(svg("text", { x: 26, y: middle + 14, class: "small" }, plural(stream.length, "entry", "entries")));
  });
}

// ---- Consumers

function consumers(streams) {
  const rows = streams.flatMap((stream) => stream.groups.flatMap((group) => group.consumers.map((consumer) => ({ stream, group, consumer }))));
  const body = byId("consumer-rows");
  if (rows.length === 0) {
    body.replaceChildren(make("tr", {}, make("td", { colspan: 5, class: "empty", text: "Nobody reads at the moment." })));
    return;
  }
  body.replaceChildren(...rows.map(({ stream, group, consumer }) => {
    const share = group.pending > 0 ? consumer.pending / group.pending : 0;
    return make("tr", {},
      make("td", { text: nameOf(stream, group) }), make("td", { class: "mono", text: consumer.consumer }),
      make("td", { class: "number", text: count.format(consumer.pending) }),
      make("td", {}, make("meter", { min: 0, max: 1, value: share, "aria-label": `${Math.round(share * 100)} % of what is pending` })),
      make("td", { class: "number", text: `${duration(consumer.idleMs)} ago` }));
  }));
}

// ---- Dead letters

const chosen = new Set();
let letters = [];
let deadNext = null;

const deadTarget = () => {
  const [stream, group] = byId("dead-group").value.split("/");
  return { stream, group };
};

function groupChoices(streams) {
  const select = byId("dead-group");
  const wanted = streams.flatMap((stream) => stream.groups.map((group) => ({ value: `${stream.stream}/${group.group}`, dead: group.deadLetters, text: nameOf(stream, group) })));
  const values = wanted.map(({ value }) => value).join();
  if (select.dataset.values !== values) {
    const before = select.value;
    select.replaceChildren(...wanted.map(({ value, text }) => make("option", { value, text })));
    select.dataset.values = values;
    const most = wanted.toSorted((a, b) => b.dead - a.dead)[0];
    select.value = wanted.some(({ value }) => value === before) ? before : most?.value ?? "";
    if (select.value) loadDead();
  }
}

function saidOfDead(words, state) {
  const place = byId("dead-said");
  place.hidden = !words;
  place.dataset.state = state;
  place.textContent = words;
}

async function loadDead(after = null) {
  const { stream, group } = deadTarget();
  try {
    const page = await call(`/ops/dead-letters?stream=${encodeURIComponent(stream)}&group=${encodeURIComponent(group)}&limit=${PAGE}${after ? `&after=${after}` : ""}`);
    letters = after ? [...letters, ...page.items] : page.items;
    deadNext = page.next;
    if (!after) chosen.clear();
    showDead();
  } catch (failure) {
    saidOfDead(`Cannot show dead letters: ${failure.message}`, "bad");
  }
}

function shownLetters() {
  const type = byId("dead-type").value.trim();
  const error = byId("dead-error").value.trim();
  return letters.filter((letter) => (!type || letter.type === type) && (!error || letter.errorClass === error));
}

function showDead() {
  const shown = shownLetters();
  const rows = shown.map((letter) => {
    const box = make("input", { type: "checkbox", "aria-label": `Choose ${letter.id}`, onchange: (event) => { event.target.checked ? chosen.add(letter.id) : chosen.delete(letter.id); buttons(); } });
    box.checked = chosen.has(letter.id);
    const raw = letter.event ?? letter.fields;
    return make("tr", { "data-letter": letter.id },
      make("td", {}, box),
      make("td", {}, make("time", { datetime: letter.lastFailureAt, text: new Date(letter.lastFailureAt).toLocaleString() }), make("div", { class: "quiet mono", text: letter.entryId })),
      make("td", {}, make("div", { text: letter.type ?? "no type" }), make("div", { class: "quiet mono", text: letter.key ?? "" })),
      make("td", {}, make("details", {}, make("summary", { text: letter.reason }), make("p", { class: "quiet", text: `${letter.errorClass}; first failed ${new Date(letter.firstFailureAt).toLocaleString()}` }), make("pre", { text: JSON.stringify(raw, null, 2) }))),
      make("td", { class: "number", text: letter.attempts }));
  });
  byId("dead-rows").replaceChildren(...(rows.length > 0 ? rows : [make("tr", {}, make("td", { colspan: 5, class: "empty", text: letters.length > 0 ? "None of those that are loaded agrees." : "No dead letters. Good." }))]));
  byId("dead-more").hidden = deadNext === null;
  byId("dead-all").checked = shown.length > 0 && shown.every((letter) => chosen.has(letter.id));
  buttons();
}

function buttons() {
  byId("redrive").disabled = letters.length === 0;
  byId("redrive").textContent = chosen.size > 0 ? `Redrive ${chosen.size}…` : "Redrive all that agree…";
  byId("discard").disabled = chosen.size === 0;
  byId("discard").textContent = chosen.size > 0 ? `Discard ${chosen.size}…` : "Discard…";
}

function ask(title, text, yes, danger) {
  const dialog = byId("question");
  byId("question-title").textContent = title;
  byId("question-text").textContent = text;
  byId("question-yes").textContent = yes;
  byId("question-yes").className = danger ? "danger" : "";
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((answered) => dialog.addEventListener("close", () => answered(dialog.returnValue === "yes"), { once: true }));
}

function selection() {
  if (chosen.size > 0) return { ids: [...chosen] };
  const filter = {};
  if (byId("dead-type").value.trim()) filter.type = byId("dead-type").value.trim();
  if (byId("dead-error").value.trim()) filter.errorClass = byId("dead-error").value.trim();
  return { filter };
}

async function redrive() {
  const target = { ...deadTarget(), ...selection(), perSecond: Number(byId("dead-rate").value) || 50 };
  try {
    const preview = await call("/ops/dead-letters/redrive", { ...target, dryRun: true });
    const takes = preview.matched / target.perSecond;
    const yes = await ask("Deliver again?", `${plural(preview.matched, "dead letter")} would go to ${target.group} alone, with attempts from 0, at most ${target.perSecond} a second: about ${duration(Math.max(1, takes) * 1000)}.`, `Redrive ${preview.matched}`, false);
    if (!yes || preview.matched === 0) return;
    const done = await call("/ops/dead-letters/redrive", { ...target, dryRun: false });
    follow(done.redriven, target);
    saidOfDead(`${plural(done.redriven, "dead letter")} of ${done.matched} will be delivered again.`, "ok");
    await loadDead();
    loadAudit();
  } catch (failure) {
    saidOfDead(`Not redriven: ${failure.message}`, "bad");
  }
}

let following = null;

function follow(total, target) {
  following = { total, target };
  byId("dead-progress").hidden = total === 0;
  byId("dead-progress").value = 0;
}

function progress(streams) {
  if (!following) return;
  const group = streams.filter((stream) => stream.stream === following.target.stream).flatMap((stream) => stream.groups).find((some) => some.group === following.target.group);
  const open = Math.min(following.total, (group?.retrying ?? 0) + (group?.pending ?? 0));
  byId("dead-progress").value = (following.total - open) / Math.max(1, following.total);
  if (open === 0) {
    byId("dead-progress").hidden = true;
    saidOfDead(`All of ${plural(following.total, "redriven delivery", "redriven deliveries")} have ended.`, "ok");
    following = null;
    loadDead();
  }
}

async function discard() {
  const yes = await ask("Throw away for ever?", `${plural(chosen.size, "dead letter")} of ${deadTarget().group} will be removed. Nobody will handle them any more.`, `Discard ${chosen.size}`, true);
  if (!yes) return;
  try {
    const done = await call("/ops/dead-letters/discard", { ...deadTarget(), ids: [...chosen] });
    saidOfDead(`${plural(done.discarded ?? chosen.size, "dead letter")} removed.`, "ok");
    await loadDead();
    loadAudit();
  } catch (failure) {
    saidOfDead(`Not discarded: ${failure.message}`, "bad");
  }
}

// ---- One life

async function life(event) {
  event.preventDefault();
  const id = byId("life-id").value.trim();
  const place = byId("life-line");
  place.replaceChildren(make("li", { class: "quiet", text: "Looking…" }));
  try {
    const { items } = await call(`/ops/lives/${encodeURIComponent(id)}`);
    place.replaceChildren(...(items.length > 0 ? items.map((item) => make("li", { class: item.state ?? "" },
      make("strong", { text: item.what }), make("div", { class: "quiet" }, make("time", { datetime: item.at, text: new Date(item.at).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" }) }), ` ${item.detail ?? ""}`))) : [make("li", { class: "quiet", text: "Nothing is known of it in the entries that are kept." })]));
  } catch (failure) {
    place.replaceChildren(make("li", { class: "bad", text: `Cannot look: ${failure.message}` }));
  }
}

// ---- The log

let tail = null;
let paused = false;
const kept = [];

function streamChoices(streams) {
  const select = byId("log-stream");
  const values = streams.map((stream) => stream.stream).join();
  if (select.dataset.values !== values) {
    select.dataset.values = values;
    select.replaceChildren(...[...new Set(streams.map((stream) => stream.stream))].map((name) => make("option", { value: name, text: name })));
    followLog();
  }
}

function followLog() {
  tail?.close();
  kept.length = 0;
  showLog();
  tail = new EventSource(`/ops/streams/${encodeURIComponent(byId("log-stream").value)}/tail`);
  tail.onmessage = ({ data }) => {
    kept.unshift(JSON.parse(data));
    kept.length = Math.min(kept.length, LOG_LINES);
    if (!paused) showLog();
  };
}

function showLog() {
  const wanted = byId("log-filter").value.trim().toLowerCase();
  const lines = kept.map((entry) => `${entry.id}  ${entry.fields.type ?? ""}  ${entry.fields.key ?? ""}  ${entry.fields.event ?? JSON.stringify(entry.fields)}`)
    .filter((line) => line.toLowerCase().includes(wanted));
  byId("log-lines").replaceChildren(...(lines.length > 0 ? lines.map((line) => make("li", { text: line })) : [make("li", { class: "empty", text: kept.length > 0 ? "No line has that text." : "Waiting for the next entry." })]));
}

async function loadAudit() {
  const { items } = await call("/ops/audit?limit=200");
  byId("audit-lines").replaceChildren(...(items.length > 0 ? items.toReversed().map((deed) => make("li", { text: `${new Date(deed.at).toLocaleString()}  ${deed.who}  ${deed.action}  ${deed.target}: ${deed.result}` })) : [make("li", { class: "empty", text: "Nobody has done anything yet." })]));
}

async function examine() {
  const place = byId("findings");
  place.replaceChildren(make("li", { text: "Examining…" }));
  try {
    const { findings } = await call("/ops/doctor");
    place.replaceChildren(...(findings.length > 0
      ? findings.map(({ what, remedy }) => make("li", {}, make("strong", { text: what }), make("div", { class: "quiet", text: remedy })))
      : [make("li", { class: "ok", text: "Nothing is wrong." })]));
  } catch (failure) {
    place.replaceChildren(make("li", { text: `Cannot examine: ${failure.message}` }));
  }
}

// ---- Live

function linkIs(state, words) {
  byId("link").dataset.state = state;
  byId("link-words").textContent = words;
}

function status({ at, streams }) {
  const seconds = Date.parse(at) / 1000;
  streams.forEach((stream) => stream.groups.forEach((group) => {
    remember(keyOf(stream, group), seconds, group);
    show(stream, group);
  }));
  byId("cards").setAttribute("aria-busy", "false");
  if (streams.every((stream) => stream.groups.length === 0)) byId("cards").replaceChildren(make("p", { class: "empty", text: "No group has started yet: start a process with a processor's role." }));
  verdict(streams);
  draw(streams);
  consumers(streams);
  groupChoices(streams);
  streamChoices(streams);
  progress(streams);
}

function live() {
  const events = new EventSource("/ops/live");
  events.addEventListener("status", ({ data }) => { linkIs("ok", "live"); status(JSON.parse(data)); });
  events.addEventListener("away", ({ data }) => { linkIs("bad", JSON.parse(data).reason); });
  events.onerror = () => linkIs("bad", events.readyState === EventSource.CLOSED ? "disconnected; reload the page" : "disconnected; trying again");
}

async function start() {
  try {
    const { samples } = await call("/ops/history");
    samples.forEach(({ at, streams }) => streams.forEach((stream) => stream.groups.forEach((group) => remember(keyOf(stream, group), Date.parse(at) / 1000, group))));
  } catch (failure) {
    linkIs("bad", failure.message);
  }
  live();
  loadAudit().catch(() => {});
}

byId("dead-choice").addEventListener("submit", (event) => { event.preventDefault(); loadDead(); });
byId("dead-group").addEventListener("change", () => loadDead());
byId("dead-type").addEventListener("input", showDead);
byId("dead-error").addEventListener("input", showDead);
byId("dead-more").addEventListener("click", () => loadDead(deadNext));
byId("dead-all").addEventListener("change", ({ target }) => { shownLetters().forEach((letter) => (target.checked ? chosen.add(letter.id) : chosen.delete(letter.id))); showDead(); });
byId("redrive").addEventListener("click", redrive);
byId("discard").addEventListener("click", discard);
byId("life-choice").addEventListener("submit", life);
byId("examine").addEventListener("click", examine);
byId("log-stream").addEventListener("change", followLog);
byId("log-filter").addEventListener("input", showLog);
byId("log-pause").addEventListener("click", ({ target }) => { paused = !paused; target.setAttribute("aria-pressed", String(paused)); target.textContent = paused ? "Go on" : "Pause"; if (!paused) showLog(); });
start();
