// @ts-check
// The switch "act as": a menu of the people that one can be.

import { announce } from "./announcer.js";
import { avatar, nameOf } from "./author.js";
import { h, icon, replace } from "./dom.js";
import { store } from "./store.js";

const STEPS = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };

/** @param {HTMLElement} container */
export function mountActAs(container) {
  const menu = h("div", { id: "act-as-menu", role: "menu", "aria-label": "Act as", hidden: true });
  const button = h("button", {
    type: "button",
    class: "act-as",
    "aria-haspopup": "menu",
    "aria-expanded": "false",
    "aria-controls": "act-as-menu",
  });
  const open = (/** @type {boolean} */ is) => {
    menu.hidden = !is;
    button.setAttribute("aria-expanded", String(is));
    if (is) /** @type {any} */ (menu.querySelector('[aria-checked="true"]'))?.focus();
  };
  const draw = () => {
    const what = h("span", { class: "unseen", text: "Act as. " });
    replace(button, what, avatar(me().id), who(me(), "You are "), icon("down"));
    replace(menu, ...actors().map((person) => item(person, () => choose(person, button, open))));
  };
  button.addEventListener("click", () => open(menu.hidden));
  menu.addEventListener("keydown", (event) => keyed(event, menu, button, open));
  container.addEventListener("focusout", (event) => {
    if (!container.contains(/** @type {Node | null} */ (event.relatedTarget))) open(false);
  });
  container.append(button, menu);
  for (const kind of ["me", "all"]) store.subscribe(kind, draw);
  draw();
}

const me = () => store.person(store.state.me);

/** Those who have a role can be acted as. */
function actors() {
  return [...store.state.people.values()].filter((person) => person.role);
}

/** @param {any} person */
function inWords(person) {
  return [nameOf(person), person.role].filter(Boolean).join(", ");
}

/** @param {any} person @param {string} [before] */
function who(person, before = "") {
  return h(
    "span",
    { class: "who" },
    h("span", { class: "who-name" }, before && h("span", { class: "who-you", text: before }),
      h("bdi", { text: nameOf(person) })),
    " ",
    h("span", { class: "who-role", text: person.role }),
  );
}

/** @param {any} person @param {() => void} choose */
function item(person, choose) {
  const chosen = person.id === store.state.me;
  return h(
    "button",
    {
      type: "button",
      role: "menuitemradio",
      "aria-checked": chosen,
      tabindex: "-1",
      on: { click: choose },
    },
    avatar(person.id),
    who(person),
    chosen && icon("check"),
  );
}

/** @param {any} person @param {HTMLElement} button @param {(is: boolean) => void} open */
async function choose(person, button, open) {
  button.focus();
  open(false);
  if (person.id === store.state.me) return;
  button.setAttribute("aria-busy", "true");
  await store.actAs(person.id);
  button.removeAttribute("aria-busy");
  announce(`You are ${inWords(me())}.`);
}

/**
 * @param {KeyboardEvent} event @param {HTMLElement} menu @param {HTMLElement} button
 * @param {(is: boolean) => void} open
 */
function keyed(event, menu, button, open) {
  const items = /** @type {HTMLElement[]} */ ([...menu.children]);
  const step = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
  const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  if (step !== undefined) {
    const to = Number.isFinite(step) ? (at + step + items.length) % items.length : step;
    items[Math.min(Math.max(to, 0), items.length - 1)].focus();
    event.preventDefault();
  } else if (event.key === "Escape") {
    event.stopPropagation();
    button.focus();
    open(false);
  }
}
