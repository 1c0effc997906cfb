// @ts-check
// What can be done with a message: the app's message shortcuts, a reply, its link.

import { api } from "./api.js";
import { menuButton } from "./blocks/menu_button.js";
import { openThread } from "./panels.js";
import { store } from "./store.js";
import { toast, toastError } from "./toast.js";

/**
 * The button "More actions" of a message.
 * @param {any} message @param {string} channel its id
 */
export function messageMenu(message, channel) {
  const { ts } = message;
  const items = () => [
    { label: "Reply in thread", choose: () => openThread(message.thread_ts ?? ts) },
    { label: "Copy link", choose: () => copyLink(channel, ts) },
    ...store.state.app.shortcuts.map((/** @type {any} */ shortcut) => ({
      label: shortcut.name,
      note: [store.state.app.name, shortcut.description].filter(Boolean).join(" · "),
      choose: () => perform(shortcut, channel, ts),
    })),
  ];
  return menuButton("More actions", items, { look: "quiet" });
}

/** @param {any} shortcut @param {string} channel @param {string} ts */
async function perform(shortcut, channel, ts) {
  try {
    await api.act("shortcut", { channel, ts, callback_id: shortcut.callback_id });
  } catch (failure) {
    toastError(failure);
  }
}

/** @param {string} channel @param {string} ts */
async function copyLink(channel, ts) {
  const link = `${location.origin}/#/${channel}/${ts}`;
  try {
    await navigator.clipboard.writeText(link);
    toast("Link copied.");
  } catch {
    toast(`This browser does not let the page copy. The link is ${link}`);
  }
}
