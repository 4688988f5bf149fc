// What became of one order or user.
import { byId, call, make } from "/ops/assets/dom.js";
import { dateAndTime, duration } from "/ops/assets/words.js";

function step(item, index, items) {
  const since = index > 0 ? Date.parse(item.at) - Date.parse(items[index - 1].at) : null;
  return make("li", { "data-state": item.state || "ok" },
    make("strong", { text: item.what }),
    make("p", { class: "quiet" }, make("time", { datetime: item.at, text: dateAndTime(item.at) }), since === null ? "" : ` · ${duration(since)} later`),
    ...(item.detail ? [make("p", { text: item.detail })] : []));
}

async function look() {
  const id = byId("life-id").value.trim();
  const place = byId("life-line");
  place.replaceChildren(make("li", { class: "quiet", text: "Looking…" }));
  try {
    const { items } = await call(`/ops/lives/${encodeURIComponent(id)}`);
    place.replaceChildren(...(items.length > 0 ? items.map(step) : [make("li", { class: "quiet", text: "Nobody knows an order or user of that id." })]));
  } catch (failure) {
    place.replaceChildren(make("li", { "data-state": "bad", text: `Cannot look: ${failure.message}` }));
  }
}

export function show(id) {
  byId("life-id").value = id;
  byId("life").scrollIntoView();
  byId("life-id").focus({ preventScroll: true });
  look();
}

byId("life-choice").addEventListener("submit", (event) => { event.preventDefault(); look(); });
