// @ts-check
// Where a message is: permalinks of the workspace, followed inside the page.

import { store } from "./store.js";
import { toast } from "./toast.js";

const PATH = /^\/archives\/([A-Z0-9]+)\/p(\d{10})(\d{6})$/;
const HERE = ["127.0.0.1", "localhost"];

/**
 * Goes to the message of a permalink.
 * @param {string} url
 * @returns {boolean} false if it is no permalink of this workspace
 */
export function followPermalink(url) {
  const link = read(url);
  if (!link) return false;
  const { channel, ts } = link;
  if (!store.state.channels.get(channel).messages.has(ts)) {
    toast("That message is not there any more.");
    return true;
  }
  goTo(channel, ts, link.thread);
  return true;
}

/** Whether it leads to a message here. @param {string} url */
export function isPermalink(url) {
  return read(url) !== null;
}

/**
 * Shows a message, in its thread if it is a reply.
 * @param {string} channel @param {string} ts @param {string | null} [thread] ts of the parent
 */
export function goTo(channel, ts, thread = null) {
  const message = store.state.channels.get(channel)?.messages.get(ts);
  const parent = thread ?? message?.thread_ts ?? null;
  const inThread = parent !== null && parent !== ts;
  store.show({ place: channel, ...(inThread ? { thread: parent } : {}), focus: ts });
}

/**
 * Where the message to be brought into sight is; null if there is none.
 * @returns {"channel" | "thread" | null}
 */
export function focusIn() {
  const { focus, thread, place } = store.state.view;
  const message = focus ? store.state.channels.get(place)?.messages.get(focus) : null;
  if (!message) return null;
  return thread && message.thread_ts === thread && focus !== thread ? "thread" : "channel";
}

/** @param {string} url @returns {{channel: string, ts: string, thread: string | null} | null} */
function read(url) {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const found = parsed && HERE.includes(parsed.hostname) ? PATH.exec(parsed.pathname) : null;
  if (!parsed || !found || !store.state.channels.has(found[1])) return null;
  const [, channel, seconds, micros] = found;
  return { channel, ts: `${seconds}.${micros}`, thread: parsed.searchParams.get("thread_ts") };
}
