// Dead letters: look, deliver again, throw away.
import { byId, call, keyed, make, say } from "/ops/assets/dom.js";
import { count, dateAndTime, deadKeyOf, duration, nameOf, plural, waitingToBeRedriven } from "/ops/assets/words.js";

const PAGE = 50;
const MOST_IDS = 1000;
const chosen = new Set();
/** Groups by their key: how many wait to be redriven, and how many did at most since none did. */
const redriving = new Map();
/** Groups by their key: how many dead letters there were when a few were looked at, and what most of those say. */
const reasons = new Map();
let letters = [];
let next = null;
let told = null;
let deadOfShown = null;
let showLife = () => {};
let acted = () => {};

const target = () => {
  const [stream, group] = byId("dead-group").value.split("/");
  return { stream, group };
};

function notice(words, state) {
  byId("dead-said").hidden = !words;
  byId("dead-said").dataset.state = state;
  say(byId("dead-said"), words);
}

// ---- The list

const listOf = (stream, group) => `/ops/dead-letters?stream=${encodeURIComponent(stream)}&group=${encodeURIComponent(group)}&limit=${PAGE}`;

async function load(after = null) {
  const { stream, group } = target();
  if (!group) return;
  try {
    const page = await call(listOf(stream, group) + (after ? `&after=${after}` : ""));
    if (group !== target().group) return;
    letters = after ? [...letters, ...page.items] : page.items;
    next = page.next;
    const there = new Set(letters.map(({ id }) => id));
    chosen.forEach((id) => there.has(id) || chosen.delete(id));
    showAll();
  } catch (failure) {
    notice(`Cannot show dead letters: ${failure.message}`, "bad");
  }
}

const filter = () => Object.fromEntries([["type", byId("dead-type").value.trim()], ["errorClass", byId("dead-error").value.trim()]].filter(([, value]) => value));

function shown() {
  const { type, errorClass } = filter();
  return letters.filter((letter) => (!type || letter.type === type) && (!errorClass || letter.errorClass === errorClass));
}

const shortClass = (name) => name.replace(/^.*\./, "");

function row(letter) {
  const box = make("input", { type: "checkbox", "aria-label": `Choose the dead letter of entry ${letter.entryId}`, onchange: () => { box.checked ? chosen.add(letter.id) : chosen.delete(letter.id); buttons(); } });
  const key = letter.key ? make("button", { type: "button", class: "link mono", text: letter.key, title: "Show its life", onclick: () => showLife(letter.key) }) : make("span", { class: "quiet", text: "no key" });
  return make("tr", {},
    make("td", { class: "choice" }, box),
    make("td", {}, make("div", { text: letter.type ?? "no type" }), key),
    make("td", { class: "reason" }, make("details", {}, make("summary", { text: letter.reason }),
      make("p", { class: "quiet", text: `Entry ${letter.entryId}. First failed ${dateAndTime(letter.firstFailureAt)}, last ${dateAndTime(letter.lastFailureAt)}.` }),
      make("pre", { tabindex: 0, "aria-label": "The entry as it was written", text: JSON.stringify(letter.event ?? letter.fields, null, 2) })), make("div", { class: "quiet mono", title: letter.errorClass, text: shortClass(letter.errorClass) })),
    make("td", { class: "number", text: count(letter.attempts) }),
    make("td", { class: "number" }, make("time", { datetime: letter.lastFailureAt, text: dateAndTime(letter.lastFailureAt) })));
}

function choices(list, values) {
  keyed(byId(list), [...new Set(values)], (value) => value, (value) => make("option", { value }), () => {});
}

function showAll() {
  const some = shown();
  keyed(byId("dead-rows"), some, ({ id }) => id, row, (element, letter) => { element.querySelector("input").checked = chosen.has(letter.id); });
  byId("dead-empty").hidden = some.length > 0;
  say(byId("dead-empty"), letters.length > 0 ? "None of those that are loaded matches." : "No dead letters: this group gave nothing up.");
  byId("dead-more").hidden = next === null;
  byId("dead-all").checked = some.length > 0 && some.every(({ id }) => chosen.has(id));
  choices("dead-types", letters.flatMap(({ type }) => type ?? []));
  choices("dead-errors", letters.map(({ errorClass }) => errorClass));
  buttons();
}

function buttons() {
  const filtered = Object.keys(filter()).length > 0;
  byId("redrive").disabled = letters.length === 0;
  say(byId("redrive"), chosen.size > 0 ? `Redrive ${count(chosen.size)}…` : filtered ? "Redrive all that match…" : "Redrive all…");
  byId("discard").disabled = chosen.size === 0;
  say(byId("discard"), chosen.size > 0 ? `Discard ${count(chosen.size)}…` : "Discard…");
}

// ---- What can be done

function ask(title, text, yes, danger) {
  const dialog = byId("question");
  say(byId("question-title"), title);
  say(byId("question-text"), text);
  say(byId("question-yes"), yes);
  byId("question-yes").className = danger ? "danger" : "";
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((answered) => dialog.addEventListener("close", () => answered(dialog.returnValue === "yes"), { once: true }));
}

const selection = () => (chosen.size > 0 ? { ids: [...chosen].slice(0, MOST_IDS) } : { filter: filter() });

async function redrive() {
  const order = { ...target(), ...selection(), perSecond: byId("dead-rate").valueAsNumber || 50 };
  try {
    const { matched } = await call("/ops/dead-letters/redrive", { ...order, dryRun: true });
    if (matched === 0) {
      notice("None of them is there any more.", "warn");
      return load();
    }
    const lasts = duration(Math.max(1000, matched / order.perSecond * 1000));
    const yes = await ask(`Redrive ${plural(matched, "dead letter")}?`, `To ${order.group} alone, with attempts from 0, at most ${count(order.perSecond)} a second: about ${lasts}. It goes on when this page is closed.`, `Redrive ${count(matched)}`, false);
    if (!yes) return;
    notice("Putting them back…", "wait");
    const done = await call("/ops/dead-letters/redrive", { ...order, dryRun: false });
    chosen.clear();
    // Until the next sample tells how many of them still wait.
    const name = byId("dead-group").selectedOptions[0].text;
    redriving.set(name, { left: done.redriven, total: done.redriven + (redriving.get(name)?.left ?? 0), justBegun: true });
    showProgress();
    notice(`${plural(done.redriven, "dead letter")} of ${count(done.matched)} put back, to be delivered again.`, "ok");
    await load();
    acted();
  } catch (failure) {
    notice(`Not redriven: ${failure.message}`, "bad");
  }
}

async function discard() {
  const order = { ...target(), ids: [...chosen].slice(0, MOST_IDS) };
  const yes = await ask(`Discard ${plural(order.ids.length, "dead letter")}?`, `They leave ${order.group} for ever: nobody will handle them any more. This cannot be undone.`, `Discard ${count(order.ids.length)}`, true);
  if (!yes) return;
  try {
    const { discarded } = await call("/ops/dead-letters/discard", order);
    chosen.clear();
    notice(`${plural(discarded, "dead letter")} discarded.`, "ok");
    await load();
    acted();
  } catch (failure) {
    notice(`Not discarded: ${failure.message}`, "bad");
  }
}

// ---- Live

function ended(name, total) {
  if (byId("redrives").children.length > 0) notice(`${plural(total, "redriven dead letter was", "redriven dead letters were")} handed out to ${name}.`, "ok");
}

/** What waits to be redriven stands in the store: so a page that is loaded again, or another one, sees it too. */
export function noteRedrives({ streams }) {
  for (const stream of streams) {
    for (const group of stream.groups) {
      const name = nameOf(stream, group);
      const left = waitingToBeRedriven(group);
      const known = redriving.get(name);
      const total = Math.max(left, known?.total ?? 0);
      if (left > 0) {
        redriving.set(name, { left, total });
      } else if (known?.justBegun) {
        known.justBegun = false; // This sample may be older.
      } else if (redriving.delete(name)) {
        ended(name, total);
      }
    }
  }
}

function progressRow() {
  return make("li", {}, make("p", {}), make("progress", {}));
}

function showProgress() {
  keyed(byId("redrives"), [...redriving], ([name]) => name, progressRow, (element, [name, { left, total }]) => {
    say(element.firstChild, `Redriving ${name}: ${count(total - left)} of ${count(total)} handed out`);
    const bar = element.lastChild;
    bar.max = total;
    bar.value = total - left;
    bar.setAttribute("aria-label", `Redrive of ${name}`);
  });
}

export function choose(stream, group) {
  byId("dead-group").value = deadKeyOf(stream, group);
  changed();
}

function changed() {
  chosen.clear();
  notice("", "");
  deadOfShown = null;
  load();
}

async function learn({ value, dead }) {
  if (reasons.get(value)?.dead === dead) return;
  const words = reasons.get(value)?.words ?? "";
  reasons.set(value, { dead, words });
  const [stream, group] = value.split("/");
  try {
    const { items } = dead > 0 ? await call(listOf(stream, group)) : { items: [] };
    const tally = Map.groupBy(items, ({ reason }) => reason);
    const [most] = [...tally].toSorted((a, b) => b[1].length - a[1].length);
    reasons.set(value, { dead, words: most ? ` ${tally.size > 1 ? "Mostly" : "Why"}: ${most[0]}.` : "" });
  } catch {
    reasons.delete(value); // The next sample asks again.
  }
}

export const why = (stream, group) => reasons.get(deadKeyOf(stream, group))?.words ?? "";

function firstChoice(groups) {
  const most = groups.toSorted((a, b) => b.dead - a.dead)[0];
  if (most && told === null) {
    byId("dead-group").value = most.value;
    told = most.value;
  }
}

export function show(streams) {
  noteRedrives({ streams });
  showProgress();
  const groups = streams.flatMap((stream) => stream.groups.map((group) => ({ value: deadKeyOf(stream, group), dead: group.deadLetters, text: nameOf(stream, group) })));
  keyed(byId("dead-group"), groups, ({ value }) => value, ({ value, text }) => make("option", { value, text }), () => {});
  firstChoice(groups);
  groups.forEach(learn);
  const total = groups.reduce((sum, { dead }) => sum + dead, 0);
  byId("dead-count").hidden = total === 0;
  say(byId("dead-count"), count(total));
  const own = groups.find(({ value }) => value === byId("dead-group").value)?.dead;
  // Whoever has turned pages keeps his place.
  if (own !== undefined && own !== deadOfShown && letters.length <= PAGE) load();
  deadOfShown = own;
}

/** @param life shows one key's @param audit is called after something was done */
export function start(life, audit) {
  showLife = life;
  acted = audit;
}

byId("dead-choice").addEventListener("submit", (event) => { event.preventDefault(); load(); });
byId("dead-group").addEventListener("change", changed);
byId("dead-type").addEventListener("input", showAll);
byId("dead-error").addEventListener("input", showAll);
byId("dead-more").addEventListener("click", () => load(next));
byId("dead-all").addEventListener("change", (event) => {
  shown().forEach(({ id }) => (event.target.checked ? chosen.add(id) : chosen.delete(id)));
  showAll();
});
byId("redrive").addEventListener("click", redrive);
byId("discard").addEventListener("click", discard);
