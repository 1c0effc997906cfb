// @ts-check
// Which panels are in sight: the thread and the world on the right, one column on a phone.

import { h, icon, replace } from "./dom.js";
import { focusIn } from "./permalink.js";
import { onSeen, unread } from "./seen.js";
import { store } from "./store.js";

const KEPT = "charters.world";
const WIDE = matchMedia("(min-width: 1500px)"); // room for both of them beside the channel
const ROOMY = matchMedia("(min-width: 1280px)");
const NARROW = matchMedia("(max-width: 900px)");
const TABS = [
  ["sidebar", "menu", "Menu"],
  ["centre", "hash", "Channel"],
  ["thread", "reply", "Thread"],
  ["world", "globe", "World"],
];

const state = {
  world: localStorage.getItem(KEPT) ? localStorage.getItem(KEPT) === "open" : ROOMY.matches,
  top: "world", // which of the two is over the other where there is room for one
  tab: "centre",
};
/** @type {string | null} the thread that was open last */
let thread = null;

/** Shows a part on a phone, where only one is in sight. @param {string} part */
export function showPart(part) {
  state.tab = part;
  draw();
}

/** Opens a thread, or brings the open one to the front. @param {string} ts */
export function openThread(ts) {
  store.show({ thread: ts });
  state.top = "thread";
  state.tab = "thread";
  draw();
}

/** Closes the thread, and goes back to the message that it hangs on. */
export function closeThread() {
  const parent = store.state.view.thread;
  store.show({ thread: null });
  const place = `#channel article[data-ts="${CSS.escape(parent ?? "")}"]`;
  const message = /** @type {HTMLElement | null} */ (document.querySelector(place));
  const line = /** @type {HTMLElement | null} */ (message?.querySelector(".thread-line"));
  (line ?? message ?? byId("centre")).focus();
}

export function mountPanels() {
  byId("world-toggle").addEventListener("click", toggleWorld);
  byId("world").prepend(
    h(
      "button",
      {
        type: "button",
        class: "quiet world-close",
        "aria-label": "Close the world panel",
        on: { click: closeWorld },
      },
      icon("close"),
    ),
  );
  store.subscribe("view", followed);
  for (const kind of ["messages", "all"]) store.subscribe(kind, drawTabs);
  onSeen(drawTabs);
  document.addEventListener("keydown", escaped);
  for (const width of [WIDE, ROOMY, NARROW]) width.addEventListener("change", draw);
  replace(byId("tabs"), ...TABS.map(([part, sign, name]) => tab(part, sign, name)));
  followed();
}

/** A thread that was opened comes to the front; without one there is only the world. */
function followed() {
  const { view } = store.state;
  const opened = view.thread !== null && view.thread !== thread;
  if (opened) state.top = "thread";
  const focus = focusIn();
  if (focus) state.tab = focus === "thread" ? "thread" : "centre";
  else if (opened) state.tab = "thread";
  else if (view.thread === null && (state.tab === "thread" || thread)) state.tab = "centre";
  thread = view.thread;
  draw();
}

function toggleWorld() {
  const covered = state.world && state.top === "thread" && thread !== null && !WIDE.matches;
  state.world = covered || !state.world;
  state.top = state.world ? "world" : "thread";
  localStorage.setItem(KEPT, state.world ? "open" : "closed");
  draw();
  if (state.world) byId("world").focus({ preventScroll: true });
}

function closeWorld() {
  if (NARROW.matches) return showPart("centre");
  state.world = false;
  localStorage.setItem(KEPT, "closed");
  state.top = "thread";
  draw();
  return byId("world-toggle").focus();
}

/** Escape closes what the focus is in; what handled the key itself has stopped it. */
function escaped(/** @type {KeyboardEvent} */ event) {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  if (document.querySelector("dialog[open]")) return;
  const where = /** @type {HTMLElement} */ (event.target);
  if (where.closest("#thread") && thread) closeThread();
  else if (where.closest("#world") && !ROOMY.matches) closeWorld();
}

function draw() {
  const { dataset } = document.body;
  dataset.world = state.world ? "open" : "closed";
  dataset.thread = thread === null ? "closed" : "open";
  dataset.top = thread === null ? "world" : state.top;
  dataset.tab = state.tab;
  const shown = state.world && (WIDE.matches || dataset.top === "world");
  byId("world-toggle").setAttribute("aria-expanded", String(shown));
  drawTabs();
}

function drawTabs() {
  const count = [...store.state.channels.keys()].reduce((sum, id) => sum + unread(id).length, 0);
  for (const button of byId("tabs").children) {
    const { part } = /** @type {HTMLElement} */ (button).dataset;
    if (part === state.tab) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
    button.classList.toggle("is-unread", part === "centre" && count > 0);
  }
}

/** @param {string} part @param {string} sign @param {string} name */
function tab(part, sign, name) {
  const on = { click: () => showPart(part) };
  return h("button", { type: "button", data: { part }, on }, icon(sign), h("span", { text: name }));
}

/** @param {string} id @returns {HTMLElement} */
function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}
