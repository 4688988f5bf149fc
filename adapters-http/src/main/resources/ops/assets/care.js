// What is wrong with the store, and what operators did.
import { byId, call, make } from "/ops/assets/dom.js";
import { dateAndTime } from "/ops/assets/words.js";

const AUDITED = 200;
const SPAN_MS = 7 * 86_400_000;

async function examine() {
  const place = byId("findings");
  place.replaceChildren(make("li", { "data-state": "wait", text: "Examining…" }));
  try {
    const { findings } = await call("/ops/doctor");
    place.replaceChildren(...(findings.length > 0
      ? findings.map(({ what, remedy }) => make("li", { "data-state": "warn" }, make("strong", { text: what }), make("p", { text: remedy })))
      : [make("li", { "data-state": "ok", text: "Nothing is wrong with the store." })]));
  } catch (failure) {
    place.replaceChildren(make("li", { "data-state": "bad", text: `Cannot examine: ${failure.message}` }));
  }
}

const deed = ({ at, who, action, target, result }) => make("tr", {},
  make("td", {}, make("time", { datetime: at, text: dateAndTime(at) })), make("td", { class: "mono", text: who }),
  make("td", { text: action }), make("td", { text: target }), make("td", { text: result }));

/** Newest first. */
async function newestDeeds() {
  let newest = [];
  for (let page = await call(`/ops/audit?limit=${AUDITED}&after=${Date.now() - SPAN_MS}-0`); ; page = await call(`/ops/audit?limit=${AUDITED}&after=${page.next}`)) {
    newest = [...newest, ...page.items].slice(-AUDITED);
    if (page.next === null) return newest.toReversed();
  }
}

export async function audit() {
  try {
    const deeds = await newestDeeds();
    byId("audit-rows").replaceChildren(...deeds.map(deed));
    byId("audit-empty").hidden = deeds.length > 0;
    byId("audit-empty").textContent = "Nobody has redriven or discarded anything in the last 7 days.";
  } catch (failure) {
    byId("audit-empty").hidden = false;
    byId("audit-empty").textContent = `Cannot show what was done: ${failure.message}`;
  }
}

byId("examine").addEventListener("click", examine);
