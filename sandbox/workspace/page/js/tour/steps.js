// @ts-check
// The five steps of the tour: what each says, what it points at, and when it is done.
import { isInSight } from "./place.js";

/**
 * @typedef {object} Step
 * @property {string} title
 * @property {string} words
 * @property {() => (Element | null | undefined)[]} targets the first in sight is pointed at
 * @property {() => void} [open] brings the part of the page that it is about into sight
 * @property {(store: any) => () => boolean} [watch] begins to watch; then tells whether it is done
 * @property {number} [rest] milliseconds to look at what was done, before the tour goes on
 */

/** @type {Step[]} */
export const STEPS = [
  {
    title: "Forward a booking mail",
    words:
      "This is the channel where booking mails arrive. " +
      "Press Forward on a sample mail from the shelf, and the bot reads it.",
    targets: () => [first("#shelf-title")?.parentElement, first("#sidebar"), tabFor("Menu")],
    open: () => show("#shelf-title", tabFor("Menu")),
    watch: (store) => more(() => count(store, isMail)),
  },
  {
    title: "One click approves it",
    words:
      "The card says all that you need to decide, and what is missing or unsure. " +
      "Press Approve: it happens once, however often you click.",
    targets: () => [lastButton("Approve")?.parentElement, first("#channel"), tabFor("Channel")],
    open: () => show("#centre", tabFor("Channel")),
    watch: decided,
  },
  {
    title: "Watch it happen in the thread",
    words:
      "Open the replies under the card: each step is ticked when it was read back. " +
      "The reply at the end has the links, and buttons such as Scrub revenue.",
    targets: () => [first("#thread"), lastReplies(), tabFor("Thread")],
    watch: (store) => {
      const done = more(() => count(store, (message) => hasAction(message, "scrub_revenue")));
      return () => done() && Boolean(store.state.view.thread);
    },
    rest: 4000,
  },
  {
    title: "See what really happened",
    words:
      "Here are the outside systems themselves: calendar, crew, mails, files, calls. " +
      "Open the guest page from S3 or Edge, and a crew page from a mail.",
    targets: () => [
      ...[first("#world"), first("#world [role=tablist]")],
      ...[tabFor("World"), first("#world-toggle")],
    ],
    open: () => show("#world", tabFor("World"), first("#world-toggle")),
  },
  {
    title: "Be a stranger, and break things",
    words:
      "Act as somebody else to see what they may and may not do. " +
      "Then switch a fault on under Faults, and watch the bot cope.",
    targets: () => [first("#act-as")],
  },
];

/** @param {string} selector */
function first(selector) {
  return document.querySelector(selector);
}

/**
 * Presses what brings a part into sight, if it is not.
 * @param {string} selector @param {...(Element | null | undefined)} openers
 */
function show(selector, ...openers) {
  if (isInSight(first(selector))) return;
  const opener = openers.find(isInSight);
  if (opener instanceof HTMLElement) opener.click();
}

/** The part of the bottom bar, on a narrow screen. @param {string} name */
function tabFor(name) {
  const all = document.querySelectorAll("#tabs button, #tabs a");
  return [...all].find((each) => each.textContent?.includes(name));
}

/** @param {string} text */
function lastButton(text) {
  const all = document.querySelectorAll("#channel button");
  return [...all].findLast((button) => button.textContent?.trim() === text);
}

function lastReplies() {
  return [...document.querySelectorAll("#channel .thread-line")].at(-1);
}

/** Whether a number has grown since now. @param {() => number} number */
function more(number) {
  const before = number();
  return () => number() > before;
}

/** Whether a card that waits for approval, now or later, waits no more. @param {any} store */
function decided(store) {
  /** @type {Set<string>} */
  const waiting = new Set();
  const look = () => {
    const all = messages(store);
    const done = all.some((one) => waiting.has(one.ts) && !hasAction(one, "approve"));
    for (const one of all) if (hasAction(one, "approve")) waiting.add(one.ts);
    return done;
  };
  look();
  return look;
}

/** @param {any} store @returns {any[]} */
function messages(store) {
  const channels = [...store.state.channels.values()];
  return channels.flatMap((channel) => [...channel.messages.values()]);
}

/** @param {any} store @param {(message: any) => boolean} test */
function count(store, test) {
  return messages(store).filter(test).length;
}

/** @param {any} message */
function isMail(message) {
  return (message.files ?? []).some((/** @type {any} */ file) => file.mode === "email");
}

/** @param {any} message @param {string} action */
function hasAction(message, action) {
  return (message.blocks ?? []).some((/** @type {any} */ block) =>
    (block.elements ?? []).some((/** @type {any} */ each) => each.action_id === action),
  );
}
