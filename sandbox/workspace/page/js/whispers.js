// @ts-check
// Ephemeral messages: those of one list, without the ones that the person dismissed.

import { store } from "./store.js";

/** @type {Set<string>} */
const dismissed = new Set(JSON.parse(sessionStorage.getItem("charters.dismissed") ?? "[]"));
/** @type {Set<() => void>} */
const listeners = new Set();

/**
 * @param {string} channel @param {string | null} thread ts of its parent, null for the channel
 * @returns {Record<string, any>[]}
 */
export function whispers(channel, thread) {
  return store.state.ephemerals.filter(
    (/** @type {Record<string, any>} */ each) =>
      each.channel === channel && (each.thread_ts ?? null) === thread && !dismissed.has(each.ts),
  );
}

/** Takes it off this screen, as Slack does; nobody is told. @param {string} ts */
export function dismiss(ts) {
  dismissed.add(ts);
  sessionStorage.setItem("charters.dismissed", JSON.stringify([...dismissed]));
  for (const fn of listeners) fn();
}

/** Calls `fn` when one was dismissed. @param {() => void} fn */
export function onDismiss(fn) {
  listeners.add(fn);
}
