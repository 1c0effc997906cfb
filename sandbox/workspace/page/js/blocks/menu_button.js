// @ts-check
// A button that opens a menu, for the keyboard as well: arrows move, Esc closes, letters find.
// The menu stands in the top layer (popover), so nothing that scrolls can cut it off.

import { h, icon } from "../dom.js";

const GAP = 4;
const MARGIN = 8;

/** @typedef {{label: string, note?: string, choose: () => any}} Item */

/**
 * The element that holds button and menu. The menu is made when it is opened, for there are many.
 * @param {string} label @param {() => Item[]} items
 * @param {{look: string, drawing?: string, data?: Record<string, string>}} how
 */
export function menuButton(label, items, { look, drawing = "more", data = {} }) {
  let wasOpen = false; // a press beside an open menu, and so on its button, closes it already
  const on = {
    pointerdown: () => (wasOpen = openMenu(holder) !== null),
    click: pressed,
    keydown: openByArrow,
  };
  const about = { "aria-label": label, "aria-haspopup": "menu", "aria-expanded": "false" };
  const props = { type: "button", class: look, title: label, data, ...about, on };
  const holder = h("span", { class: "bk-menu-holder" }, h("button", props, icon(drawing)));
  return holder;

  /** @param {MouseEvent} event whose `detail` is 0 if it came from the keyboard */
  function pressed(event) {
    if (event.detail === 0 || !wasOpen) toggle(holder, label, items);
    else openMenu(holder)?.hidePopover();
  }

  /** @param {KeyboardEvent} event */
  function openByArrow(event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const menu = openMenu(holder) ?? toggle(holder, label, items);
    if (event.key === "ArrowUp") menu?.lastElementChild?.focus();
  }
}

function openMenu(/** @type {Element} */ holder) {
  return /** @type {any} */ (holder.querySelector(":popover-open"));
}

/** @param {any} holder @param {string} label @param {() => Item[]} items */
function toggle(holder, label, items) {
  const already = openMenu(holder);
  if (already) return already.hidePopover();
  const props = { class: "bk-menu", role: "menu", "aria-label": label, popover: "auto" };
  const menu = h("div", props);
  const opener = holder.firstElementChild;
  menu.append(...items().map((item) => menuItem(item, menu, opener)));
  menu.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => move(event, menu));
  menu.addEventListener("toggle", (/** @type {any} */ event) => toggled(event, opener, menu));
  holder.append(menu);
  menu.showPopover();
  place(opener, menu);
  menu.firstElementChild?.focus();
  return menu;
}

/** @param {Item} item @param {any} menu @param {HTMLElement} opener */
function menuItem({ label, note, choose }, menu, opener) {
  const pick = () => {
    menu.hidePopover();
    opener.focus();
    choose();
  };
  const props = { type: "button", role: "menuitem", tabindex: "-1", class: "bk-menu-item" };
  const small = note ? h("span", { class: "bk-note", dir: "auto", text: note }) : null;
  const words = h("span", { dir: "auto", text: label });
  return h("button", { ...props, on: { click: pick } }, words, small);
}

/** Below the button, its end at the button's end; above where there is no room below. */
function place(/** @type {HTMLElement} */ opener, /** @type {HTMLElement} */ menu) {
  const at = opener.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = at.bottom + GAP;
  const top = below + height > window.innerHeight - MARGIN ? at.top - GAP - height : below;
  const furthest = window.innerWidth - MARGIN - width;
  menu.style.top = `${Math.max(MARGIN, top)}px`;
  menu.style.left = `${Math.max(MARGIN, Math.min(at.right - width, furthest))}px`;
}

/** @param {any} event @param {HTMLElement} opener @param {HTMLElement} menu */
function toggled(event, opener, menu) {
  const open = event.newState === "open";
  opener.setAttribute("aria-expanded", String(open));
  if (open) return;
  const lost = document.activeElement === document.body || menu.contains(document.activeElement);
  menu.remove();
  if (lost && opener.isConnected) opener.focus();
}

/** @param {KeyboardEvent} event @param {any} menu */
function move(event, menu) {
  if (event.key === "Tab") menu.hidePopover();
  if (event.key === "Escape") event.stopPropagation(); // the browser closes the menu alone
  walk(event, menu);
}

/**
 * Goes to another item of a menu: arrows, Home, End, or the letter that it begins with.
 * @param {KeyboardEvent} event @param {Element} menu whose children are the items
 */
export function walk(event, menu) {
  const items = /** @type {HTMLElement[]} */ ([...menu.children]);
  const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const to = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  }[event.key];
  const target = to === undefined ? byLetter(event.key, items, at) : items[to];
  if (!target) return;
  event.preventDefault();
  target.focus();
}

/** @param {string} key @param {HTMLElement[]} items @param {number} at */
function byLetter(key, items, at) {
  if (key.length !== 1 || key === " ") return null;
  const after = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  const starts = (/** @type {HTMLElement} */ item) => (item.textContent ?? "").toLowerCase();
  return after.find((item) => starts(item).startsWith(key.toLowerCase())) ?? null;
}
