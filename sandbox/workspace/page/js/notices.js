// @ts-check
// Tells those who do not look: new messages to screen readers, their number in the title.

import { announce } from "./announcer.js";
import { authorOf } from "./author.js";
import { summary } from "./blocks/text.js";
import { onSeen, unread } from "./seen.js";
import { store } from "./store.js";

/** @type {Set<string>} */
let known = new Set();
let me = "";

/** Starts from what is there: only what comes later is told. */
export function startNotices() {
  remember();
  store.subscribe("messages", heard);
  store.subscribe("ephemerals", whispered);
  store.subscribe("all", remember);
  for (const kind of ["messages", "view", "all"]) store.subscribe(kind, title);
  onSeen(title);
  title();
}

/** After a break of the same person's stream nothing is lost; another person starts anew. */
function remember() {
  const all = [...store.state.channels.values()].flatMap((each) => [...each.messages.keys()]);
  const whispers = store.state.ephemerals.map((/** @type {any} */ each) => each.ts);
  known = new Set([...all, ...whispers]);
  me = store.state.me;
}

/** @param {string} id @param {string | null} ts */
function heard(id, ts) {
  const channel = store.state.channels.get(id);
  const message = ts ? channel?.messages.get(ts) : null;
  if (!message || me !== store.state.me || known.has(message.ts)) return;
  known.add(message.ts);
  if (message.user !== me) tell(message, id === store.state.view.place ? "" : channel.name);
}

function whispered() {
  if (me !== store.state.me) return;
  for (const message of store.state.ephemerals) {
    if (!known.has(message.ts)) tell(message, "");
    known.add(message.ts);
  }
}

/** @param {any} message @param {string} channel its name, if it is not the one shown */
function tell(message, channel) {
  const where = channel ? ` in ${channel}` : "";
  const { thread_ts: parent, ts } = message;
  const how = message.is_ephemeral ? " only to you" : parent && parent !== ts ? " in a thread" : "";
  announce(`${authorOf(message).name}${where}${how}: ${summary(message)}`);
}

function title() {
  const { channels, team, app } = store.state;
  const count = [...channels.keys()].reduce((sum, id) => sum + unread(id).length, 0);
  const channel = store.channel();
  const here = channel ? `#${channel.name}` : app.name;
  const words = `${count ? `(${count}) ` : ""}${here} · ${team.name}`;
  if (document.title !== words) document.title = words;
}
