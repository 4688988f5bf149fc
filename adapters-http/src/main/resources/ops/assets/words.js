// What the figures mean, and how they are written.

const STUCK_MS = 5 * 60_000;
const SLOW_MS = 30_000;
/** Whose name stands for what waits to be delivered again. */
export const REDRIVEN = "redriven";

const whole = new Intl.NumberFormat("en");
const fine = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const calendar = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23" });

export const count = (n) => whole.format(n);
export const rate = (n) => (n >= 10 ? whole.format(Math.round(n)) : fine.format(n));
export const plural = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;
export const timeOfDay = (at) => clock.format(new Date(at));
export const dateAndTime = (at) => calendar.format(new Date(at));

export function duration(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 90_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 5_400_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 172_800_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} d`;
}

export const streamName = (stream) => stream.stream + (stream.partition > 0 ? `.${stream.partition}` : "");
export const nameOf = (stream, group) => `${group.group} on ${streamName(stream)}`;
export const keyOf = (stream, group) => `${stream.stream}/${stream.partition}/${group.group}`;
export const deadKeyOf = (stream, group) => `${stream.stream}/${group.group}`;

export const waiting = (group) => group.lag + group.pending;
export const waitingToBeRedriven = (group) => group.consumers.find(({ consumer }) => consumer === REDRIVEN)?.pending ?? 0;
export const readers = (group) => group.consumers.filter(({ consumer }) => consumer !== REDRIVEN);

function whyOld(group) {
  if (group.retrying > 0) return `${plural(group.retrying, "delivery", "deliveries")} failed and will be tried again`;
  return group.lag > 0 ? `${plural(group.lag, "entry", "entries")} not yet handed out` : `in the hands of ${plural(readers(group).length, "consumer")}`;
}

/** What is wrong with a group, worst first; `section` is where to do something about it. */
export function troubles(group) {
  const found = [];
  const age = group.oldestUnsettledAgeMs;
  const since = `since ${timeOfDay(Date.now() - age)} (${duration(age)})`;
  const unread = readers(group).length === 0 && waiting(group) > 0;
  // What is redriven is as old as its entry: while it waits for its turn, the oldest age says nothing.
  const told = !unread && waiting(group) > 0 && waitingToBeRedriven(group) === 0;
  if (unread) {
    found.push({ kind: "unread", state: "bad", what: `nobody reads it: ${plural(waiting(group), "entry waits", "entries wait")}, ${since}`, section: "doctor", act: "Ask the doctor" });
  }
  if (told && age >= STUCK_MS) {
    found.push({ kind: "stuck", state: "bad", what: `stuck ${since}: ${whyOld(group)}`, section: "holds", act: "See what is pending" });
  }
  if (group.deadLetters > 0) {
    found.push({ kind: "dead", state: "warn", what: `gave up ${plural(group.deadLetters, "event")}`, section: "dead", act: "See dead letters" });
  }
  if (told && age < STUCK_MS && (age >= SLOW_MS || group.retrying > 0)) {
    found.push({ kind: "late", state: "warn", what: `behind by ${duration(age)}: ${whyOld(group)}`, section: "holds", act: "See what is pending" });
  }
  return found;
}

export function stateOf(group) {
  const [worst] = troubles(group);
  return worst ? worst.state : "ok";
}

export function inShort(group) {
  const [worst] = troubles(group);
  if (worst) return { unread: "nobody reads", stuck: "stuck", dead: "dead letters", late: "behind" }[worst.kind];
  if (waitingToBeRedriven(group) > 0) return "redriving";
  return waiting(group) > 0 ? "at work" : "all settled";
}
