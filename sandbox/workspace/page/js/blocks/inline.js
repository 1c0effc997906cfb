// @ts-check
// The small pieces that text is made of, in mrkdwn and in rich text alike: links, people, dates.
// Every piece is built as a node from text, so nothing that somebody wrote becomes markup.

import { h } from "../dom.js";
import { followPermalink } from "../permalink.js";
import { formatDate } from "./dates.js";

const SCHEMES = new Set(["http:", "https:", "mailto:"]);

/** `url` if it is one that a person may be sent to, else null. */
export function safeUrl(url) {
  try {
    return SCHEMES.has(new URL(url).protocol) ? url : null;
  } catch {
    return null;
  }
}

/** A link. A permalink into this workspace opens here, everything else in a new tab. */
export function linkNode(url, ...children) {
  const safe = safeUrl(url);
  if (!safe) return h("span", {}, ...children);
  const on = { click: (event) => stayHere(event, safe) };
  return h("a", { class: "bk-link", ...linkTo(safe), on }, ...children);
}

/** The attributes of a link that leaves this page. */
export function linkTo(url) {
  return { href: url, target: "_blank", rel: "noopener noreferrer" };
}

/** On a click: goes to a message of this workspace in this page, unless a new tab was asked for. */
export function stayHere(event, url) {
  if (!event.ctrlKey && !event.metaKey && followPermalink(url)) event.preventDefault();
}

/** Opens a link without a link that was clicked. */
export function openLink(url) {
  if (!followPermalink(url)) window.open(url, "_blank", "noopener,noreferrer");
}

export function userNode(id, state, fallback = null) {
  const person = state.people.get(id);
  const name = person ? person.real_name || person.name : fallback || id;
  return mention(`@${name}`, id === state.me);
}

export function groupNode(id, state, fallback = null) {
  const group = state.groups.get(id);
  const handle = group ? group.handle : (fallback || id).replace(/^@/, "");
  return mention(`@${handle}`, Boolean(group?.users?.includes(state.me)));
}

export function channelNode(id, state, fallback = null) {
  const channel = state.channels.get(id);
  return mention(`#${channel ? channel.name : fallback || id}`, false);
}

/** `range`: here, channel or everyone. */
export function broadcastNode(range) {
  return mention(`@${range}`, true);
}

/** A moment in the reader's own zone, as Slack shows it. `seconds` since 1970. */
export function dateNode(seconds, format, url, fallback) {
  const moment = new Date(seconds * 1000);
  if (Number.isNaN(moment.getTime())) return document.createTextNode(fallback || "");
  const shown = formatDate(moment, format || "{date_long} at {time}");
  const time = h("time", { datetime: moment.toISOString(), text: shown });
  return url ? linkNode(url, time) : time;
}

/** A colour with a small patch of it; `value` is shown as it was written. */
export function colorNode(value) {
  const patch = h("span", { class: "bk-swatch", "aria-hidden": "true" });
  if (/^#[0-9a-f]{3,8}$/i.test(value)) patch.style.backgroundColor = value;
  return h("span", { class: "bk-color" }, patch, value);
}

function mention(text, mine) {
  return h("span", { class: mine ? "bk-mention is-mine" : "bk-mention", text });
}
