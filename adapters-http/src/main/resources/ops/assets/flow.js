// The flow as a picture: streams, what waits in front of each group, the groups, and what they gave up.
import { byId, svg } from "/ops/assets/dom.js";
import { recentPace } from "/ops/assets/history.js";
import { count, keyOf, nameOf, plural, rate, readers, stateOf, streamName, waiting } from "/ops/assets/words.js";

const NARROW = 640;
const ROW = 66;
const BOX = 52;
const MOST_TICKS = 24;

const box = (x, y, width, height, state) => svg("rect", { x, y, width, height, rx: 10, class: state });
const text = (x, y, words, kind = "") => svg("text", { x, y, class: kind }, words);

function shorten(name, width) {
  const fits = Math.floor(width / 8.2);
  return name.length <= fits ? name : `${name.slice(0, fits - 1)}…`;
}

/** One for each that waits, and fewer and fewer for more. */
function ticks(picture, right, y, group, room) {
  const n = waiting(group) === 0 ? 0 : Math.min(MOST_TICKS, Math.floor(room / 7), Math.ceil(Math.log2(1 + waiting(group)) * 2));
  for (let i = 0; i < n; i++) picture.append(svg("rect", { x: right - 7 * (i + 1), y: y - 9, width: 4, height: 18, rx: 2, class: `tick ${stateOf(group)}` }));
}

function streamBox(picture, x, y, width, stream) {
  picture.append(box(x, y, width, BOX, "stream"), text(x + 16, y + 22, shorten(streamName(stream), width - 32), "name"),
    text(x + 16, y + 40, `${plural(stream.length, "entry", "entries")} · ${rate(recentPace(streamName(stream)))}/s in`, "small"));
}

function groupBox(picture, x, y, width, stream, group) {
  const dead = group.deadLetters > 0 ? ` · ${count(group.deadLetters)} dead` : "";
  picture.append(box(x, y, width, BOX, stateOf(group)), text(x + 16, y + 22, shorten(group.group, width - 32), "name"),
    text(x + 16, y + 40, `${plural(readers(group).length, "consumer")} · ${rate(recentPace(keyOf(stream, group)))}/s${dead}`, "small"));
}

function branch(picture, path, group) {
  picture.append(svg("path", { d: path, class: `branch ${stateOf(group)}` }));
}

function wide(picture, width, streams) {
  const left = Math.round(width * 0.26);
  const right = Math.round(width * 0.32);
  const groupX = width - right - 1;
  let row = 0;
  for (const stream of streams) {
    const rows = Math.max(1, stream.groups.length);
    const middle = (row + rows / 2) * ROW;
    stream.groups.forEach((group, index) => {
      const y = (row + index + 0.5) * ROW;
      const bend = left + (groupX - left) * 0.28;
      const half = (left + bend) / 2;
      branch(picture, `M ${left} ${middle} C ${half} ${middle}, ${half} ${y}, ${bend} ${y} L ${groupX} ${y}`, group);
      ticks(picture, groupX - 8, y, group, groupX - bend - 16);
      if (waiting(group) > 0) {
        const words = text(groupX - 8, y - 16, `${count(waiting(group))} waiting`, `small ${stateOf(group)}`);
        words.setAttribute("text-anchor", "end");
        picture.append(words);
      }
      groupBox(picture, groupX, y - BOX / 2, right, stream, group);
    });
    streamBox(picture, 1, middle - BOX / 2, left, stream);
    row += rows;
  }
  return row * ROW;
}

/** One below the other, along a line at the left. */
function narrow(picture, width, streams) {
  let y = 0;
  for (const stream of streams) {
    const top = y + BOX;
    const trunk = svg("path", { class: "branch" });
    picture.append(trunk);
    y = top + 14;
    for (const group of stream.groups) {
      const middle = y + 22 + BOX / 2;
      trunk.setAttribute("d", `M 20 ${top} L 20 ${middle - 12}`);
      branch(picture, `M 20 ${middle - 12} Q 20 ${middle} 32 ${middle} L 44 ${middle}`, group);
      if (waiting(group) > 0) picture.append(text(44, y + 14, `${count(waiting(group))} waiting`, `small ${stateOf(group)}`));
      ticks(picture, width - 4, y + 8, group, width - 160);
      groupBox(picture, 44, y + 22, width - 45, stream, group);
      y += 22 + BOX + 10;
    }
    streamBox(picture, 1, top - BOX, width - 2, stream);
    y += 18;
  }
  return y - 18;
}

const inWords = (streams) => streams.flatMap((stream) => stream.groups.map((group) =>
  `${nameOf(stream, group)}: ${count(waiting(group))} waiting, ${{ ok: "keeps up", warn: "needs a look", bad: "is stuck" }[stateOf(group)]}`)).join("; ");

export function show(streams) {
  const picture = byId("flow");
  const width = Math.max(300, picture.parentElement.clientWidth - 2);
  picture.replaceChildren();
  const height = width < NARROW ? narrow(picture, width, streams) : wide(picture, width, streams);
  picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
  picture.setAttribute("height", height);
  picture.setAttribute("aria-label", `How events flow from streams to groups. ${inWords(streams)}`);
}
