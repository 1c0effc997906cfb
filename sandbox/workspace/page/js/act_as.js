// @ts-check
// The switch "act as": a menu of the people that one can be.

import { announce } from "./announcer.js";
import { avatar, nameOf } from "./author.js";
import { walk } from "./blocks/menu_button.js";
import { h, icon, replace } from "./dom.js";
import { store } from "./store.js";

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
    if (!menu.hidden) open(true);
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
  if (event.key !== "Escape") return walk(event, menu);
  event.stopPropagation();
  button.focus();
  return open(false);
}
