// @ts-check
// Small pieces that the tabs share: pills, facts, empty states, times, links in text.
import { h } from "../dom.js";

const CLOCK = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const LONG_DAY = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});
const LINK = /https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]']/g;

/** A moment of any spelling: epoch seconds, or ISO 8601. @param {number | string} value */
function moment(value) {
  return typeof value === "number" ? new Date(value * 1000) : new Date(value);
}

/**
 * The time of day here, with seconds; with the day before it unless that is today.
 * @param {number | string} value epoch seconds, or ISO 8601
 */
export function when(value) {
  const at = moment(value);
  if (Number.isNaN(at.getTime())) return String(value);
  const today = at.toDateString() === new Date().toDateString();
  return today ? CLOCK.format(at) : `${DAY.format(at)}, ${CLOCK.format(at)}`;
}

/** "2026-05-30" as "Sat, 30 May 2026", the same in every zone. @param {string} date */
export function day(date) {
  const at = new Date(`${date}T00:00:00Z`);
  return Number.isNaN(at.getTime()) ? String(date) : LONG_DAY.format(at);
}

/**
 * Start and end as their own offset has them, not as this computer's zone would.
 * @param {string} start @param {string} end both ISO 8601
 */
export function span(start, end) {
  const [date, time] = apart(start);
  const [lastDate, lastTime] = apart(end);
  const until = lastDate === date ? lastTime : `${day(lastDate)}, ${lastTime}`;
  return `${day(date)}, ${time}–${until}`;
}

/** @param {string} iso @returns {string[]} date and time */
function apart(iso) {
  const found = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(String(iso));
  return found ? [found[1], found[2]] : [String(iso), "?"];
}

/** "1 guest", "4 guests". @param {number} n @param {string} one @param {string} [many] */
export function count(n, one, many = `${one}s`) {
  return `${n} ${Number(n) === 1 ? one : many}`;
}

/**
 * A word in a rounded box.
 * @param {string} text @param {string} [tone] "good", "warn", "bad" or ""
 */
export function pill(text, tone = "") {
  return h("span", { class: `pill ${tone}`.trim(), text });
}

/** What stands where nothing is yet. @param {string} title @param {string} words */
export function empty(title, words) {
  const lead = h("p", { class: "lead", text: title });
  return h("div", { class: "world-empty" }, lead, h("p", { text: words }));
}

/**
 * Names and their values; those without a value are left out.
 * @param {[string, any][]} pairs
 */
export function facts(pairs) {
  return h(
    "dl",
    { class: "facts" },
    ...pairs
      .filter(([, value]) => value !== null && value !== undefined && value !== "")
      .map(([name, value]) => h("div", {}, h("dt", { text: name }), h("dd", {}, value))),
  );
}

/**
 * A link to another page, in a tab of its own.
 * @param {string} href @param {string} text @param {string} [label] if it is to be told apart
 */
export function outside(href, text, label) {
  const named = label ? { "aria-label": label } : {};
  return h("a", { href, target: "_blank", rel: "noreferrer", ...named }, text);
}

/** Text in which addresses can be followed. @param {string} text @returns {any[]} */
export function linked(text) {
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    parts.push(text.slice(from, found.index), outside(found[0], found[0]));
    from = found.index + found[0].length;
  }
  parts.push(text.slice(from));
  return parts.filter((part) => part !== "");
}
