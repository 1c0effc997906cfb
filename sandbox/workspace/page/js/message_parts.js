// @ts-check
// What stands around a message's content: the words above it, its thread below, its tools.

import { h, icon } from "./dom.js";
import { messageMenu } from "./menu.js";
import { avatar } from "./author.js";
import { dismiss } from "./whispers.js";
import { summary } from "./blocks/text.js";
import { openThread } from "./panels.js";
import { goTo } from "./permalink.js";
import { store } from "./store.js";
import { dateOf, dayAndTime } from "./times.js";

/** @typedef {[string, any, () => any]} Part  key, what it is made of, how */
const FACES = 3;

/**
 * The parts before and after the content.
 * @param {{channel: string, where: string, message: any, about: any}} shown @param {string} id
 * @returns {[Part[], Part[]]}
 */
export function around(shown, id) {
  const { channel, where, message, about } = shown;
  /** @type {Part[]} */ const before = [];
  /** @type {Part[]} */ const after = [];
  if (message.is_ephemeral) before.push(["whisper", message.ts, () => whisper(message)]);
  if (message.subtype === "thread_broadcast" && where === "channel") {
    before.push(["broadcast", [message.thread_ts, id], () => broadcast(channel, message)]);
  }
  if (where === "channel" && about.replies > 0) {
    after.push(["thread", about, () => threadLine(message, about)]);
  }
  if (!message.is_ephemeral) {
    after.push(["tools", [channel, message.thread_ts], () => tools(channel, message)]);
  }
  return [before, after];
}

/** @param {any} message */
function whisper(message) {
  return [
    icon("eye"),
    h("span", { text: "Only visible to you" }),
    h("button", {
      type: "button",
      class: "link-button",
      text: "Dismiss",
      on: { click: () => dismiss(message.ts) },
    }),
  ];
}

/** @param {string} channel @param {any} message */
function broadcast(channel, message) {
  const parent = store.state.channels.get(channel)?.messages.get(message.thread_ts);
  const root = parent ?? message.root ?? {};
  const open = () => goTo(channel, message.ts, message.thread_ts);
  return [
    "replied to a thread: ",
    h(
      "button",
      { type: "button", class: "link-button", on: { click: open } },
      h("bdi", { text: summary(root) || "a message" }),
    ),
  ];
}

/** @param {any} message @param {any} about */
function threadLine(message, about) {
  const open = () => openThread(message.ts);
  const words = about.replies === 1 ? "1 reply" : `${about.replies} replies`;
  return h(
    "button",
    { type: "button", class: "thread-line", on: { click: open } },
    h("span", { class: "faces" }, ...about.people.slice(0, FACES).map(avatar)),
    h("span", { class: "thread-count", text: words }),
    about.fresh && [" ", h("span", { class: "thread-new", text: "New" })],
    " ",
    h("span", {
      class: "thread-last",
      title: dateOf(about.latest),
      text: `Last reply ${dayAndTime(about.latest)}`,
    }),
  );
}

/** @param {string} channel @param {any} message */
function tools(channel, message) {
  const open = () => openThread(message.thread_ts ?? message.ts);
  const label = "Reply in thread";
  return h(
    "div",
    { class: "message-tools" },
    h(
      "button",
      { type: "button", class: "quiet", title: label, "aria-label": label, on: { click: open } },
      icon("reply"),
    ),
    messageMenu(message, channel),
  );
}
