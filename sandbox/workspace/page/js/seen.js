// @ts-check
// What each person has seen already: unread counts of channels, and threads with something new.

import { store } from "./store.js";

/** @typedef {Record<string, any>} Message */

/** @type {Set<() => void>} */
const listeners = new Set();
/** @type {{place: string, marks: Record<string, string>}} */
let kept = { place: "", marks: {} };

// Another tab of this browser may have seen more.
window.addEventListener("storage", () => {
  kept = { place: "", marks: {} };
  for (const fn of listeners) fn();
});

/** Calls `fn` whenever something was seen. @param {() => void} fn */
export function onSeen(fn) {
  listeners.add(fn);
}

/** Whether a channel's own list shows it; else it is in its thread alone. */
export function inChannel(/** @type {Message} */ message) {
  const reply = message.thread_ts && message.thread_ts !== message.ts;
  return !reply || message.subtype === "thread_broadcast";
}

/**
 * The ts of the last message seen, "0" if there is none.
 * @param {string} channel @param {string | null} [thread] ts of its parent
 */
export function seenUpTo(channel, thread = null) {
  return marks()[key(channel, thread)] ?? "0";
}

/** @param {string} channel @param {string | null} thread @param {string} ts the newest one seen */
export function markSeen(channel, thread, ts) {
  const known = marks();
  if (Number(ts) <= Number(known[key(channel, thread)] ?? 0)) return;
  known[key(channel, thread)] = ts;
  localStorage.setItem(place(), JSON.stringify(known));
  for (const fn of listeners) fn();
}

/** @param {string} channel @returns {Message[]} by others, not seen yet */
export function unread(channel) {
  const seen = Number(seenUpTo(channel));
  const messages = store.state.channels.get(channel)?.messages.values() ?? [];
  return [...messages].filter((each) => inChannel(each) && isNew(each, seen));
}

/** @param {Message} message @param {number} seen */
export function isNew(message, seen) {
  return Number(message.ts) > seen && message.user !== store.state.me;
}

/** @param {string} channel @param {string | null} thread */
function key(channel, thread) {
  return thread ? `${channel}/${thread}` : channel;
}

function place() {
  return `charters.seen.${store.state.me}`;
}

/** @returns {Record<string, string>} of the person acted as; read once, for it is asked often */
function marks() {
  if (kept.place !== place()) kept = { place: place(), marks: stored() };
  return kept.marks;
}

function stored() {
  try {
    return JSON.parse(localStorage.getItem(place()) ?? "{}") ?? {};
  } catch {
    return {};
  }
}
