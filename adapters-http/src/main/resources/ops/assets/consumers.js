// Who holds what.
import { byId, call, keyed, make, part, say } from "/ops/assets/dom.js";
import { count, deadKeyOf, duration, keyOf, nameOf, readers, REDRIVEN, streamName, timeOfDay } from "/ops/assets/words.js";

const PAGE = 50;
/** Below, no share is told to be uneven. */
const FEW = 10;
const SILENT_MS = 60_000;

function row({ stream, group, consumer }) {
  return make("tr", {},
    make("td", {}, make("div", { text: group.group }), make("div", { class: "quiet", text: streamName(stream) })),
    make("td", {}, make("span", { class: "mono", text: consumer.consumer }), " ", make("span", { class: "badge", "data-part": "note" })),
    make("td", { class: "number", "data-part": "holds" }),
    make("td", {}, make("div", { class: "share" }, make("meter", { min: 0, max: 1, "data-part": "share" }), make("span", { class: "number quiet", "data-part": "percent" }))),
    make("td", { class: "number", "data-part": "sign" }));
}

function note(group, { consumer, pending, idleMs }) {
  const peers = readers(group);
  if (consumer === REDRIVEN) return ["", "waits to be redriven"];
  if (idleMs > SILENT_MS && pending > 0) return ["bad", "silent"];
  const held = peers.reduce((sum, peer) => sum + peer.pending, 0);
  return peers.length > 1 && pending >= FEW && pending > 2 * held / peers.length * 0.8 ? ["warn", "more than its share"] : ["", ""];
}

function update(element, { group, consumer }) {
  const share = group.pending > 0 ? consumer.pending / group.pending : 0;
  const [state, words] = note(group, consumer);
  part(element, "note").dataset.state = state;
  part(element, "note").hidden = !words;
  say(part(element, "note"), words);
  say(part(element, "holds"), count(consumer.pending));
  say(part(element, "percent"), `${Math.round(share * 100)} %`);
  part(element, "share").value = share;
  part(element, "share").setAttribute("aria-label", `Holds ${Math.round(share * 100)} % of what is pending`);
  say(part(element, "sign"), consumer.consumer === REDRIVEN ? "–" : `${duration(consumer.idleMs)} ago`);
}

// ---- What is pending

const pendingRow = (delivery) => make("tr", {},
  make("td", { class: "mono", text: delivery.id }), make("td", { class: "mono", text: delivery.consumer }),
  make("td", { class: "number", text: duration(delivery.ageMs) }), make("td", { class: "number", text: count(delivery.attempts) }),
  make("td", { class: "number", text: delivery.dueAt ? timeOfDay(delivery.dueAt) : "in hand" }));

async function loadPending(after = null) {
  const [stream, group] = byId("holds-group").value.split("/");
  const rows = byId("holds-rows");
  try {
    const page = await call(`/ops/streams/${encodeURIComponent(stream)}/groups/${encodeURIComponent(group)}/pending?limit=${PAGE}${after ? `&after=${after}` : ""}`);
    if (!after) rows.replaceChildren();
    rows.append(...page.items.map(pendingRow));
    if (rows.children.length === 0) rows.append(make("tr", {}, make("td", { colspan: 5, class: "empty", text: "Nothing is pending." })));
    byId("holds-more").hidden = page.next === null;
    byId("holds-more").dataset.after = page.next ?? "";
  } catch (failure) {
    rows.replaceChildren(make("tr", {}, make("td", { colspan: 5, class: "empty", text: `Cannot show what is pending: ${failure.message}` })));
  }
}

export function choose(stream, group) {
  byId("holds-group").value = deadKeyOf(stream, group);
  byId("holds").open = true;
  loadPending();
}

export function show(streams) {
  const rows = streams.flatMap((stream) => stream.groups.flatMap((group) => group.consumers.map((consumer) => ({ stream, group, consumer }))));
  keyed(byId("consumer-rows"), rows, ({ stream, group, consumer }) => `${keyOf(stream, group)}/${consumer.consumer}`, row, update);
  byId("consumers-empty").hidden = rows.length > 0;
  const groups = streams.flatMap((stream) => stream.groups.map((group) => ({ value: deadKeyOf(stream, group), text: nameOf(stream, group) })));
  keyed(byId("holds-group"), groups, ({ value }) => value, ({ value, text }) => make("option", { value, text }), () => {});
}

byId("holds").addEventListener("toggle", () => { if (byId("holds").open && byId("holds-group").value) loadPending(); });
byId("holds-group").addEventListener("change", () => loadPending());
byId("holds-refresh").addEventListener("click", () => loadPending());
byId("holds-more").addEventListener("click", ({ target }) => loadPending(target.dataset.after));
