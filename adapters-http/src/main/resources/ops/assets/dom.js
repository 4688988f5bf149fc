// Elements and their texts, and calls to the API. Text from events goes into the page as text, never as markup.

export const byId = (id) => document.getElementById(id);

/** Attributes named "on…" are listeners, "text" is the content; false, null and undefined leave an attribute out. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") element.textContent = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

export function svg(tag, attributes = {}, text = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text) element.textContent = text;
  return element;
}

/** Only what changes is touched: a screen reader is told nothing twice. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export const part = (element, name) => element.querySelector(`[data-part="${name}"]`);

/** One child for each item; those that stay keep their focus and what is unfolded in them. */
export function keyed(parent, items, key, create, update) {
  const old = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  items.forEach((item, index) => {
    const name = key(item);
    let child = old.get(name);
    if (!child) {
      child = create(item);
      child.dataset.key = name;
    }
    old.delete(name);
    update(child, item);
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
  old.forEach((child) => child.remove());
}

async function send(path, body) {
  try {
    return await fetch(path, body === undefined ? {} : {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
  } catch {
    throw new Error("the server cannot be reached.");
  }
}

export async function call(path, body) {
  const answer = await send(path, body);
  if (answer.status === 401) location.assign("/ops");
  const json = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(json.detail || json.title || `status ${answer.status}.`);
  return json;
}
