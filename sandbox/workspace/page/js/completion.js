// @ts-check
// Completes slash commands while they are typed: a list box that the text box controls.

import { announce } from "./announcer.js";
import { h, replace } from "./dom.js";
import { store } from "./store.js";

/** @typedef {{text: string, args: string, what: string}} Choice */

export class Completion {
  /** @param {HTMLTextAreaElement} box @param {string} id of the list */
  constructor(box, id) {
    this.box = box;
    /** @type {Choice[]} */
    this.choices = [];
    this.active = -1;
    this.list = h("ul", { id, class: "completions", role: "listbox", "aria-label": "Commands" });
    this.list.hidden = true;
    const about = { "aria-autocomplete": "list", "aria-haspopup": "listbox", "aria-controls": id };
    for (const [name, value] of Object.entries(about)) box.setAttribute(name, value);
    box.addEventListener("blur", () => this.close());
  }

  get isOpen() {
    return !this.list.hidden;
  }

  /** Offers what goes on from what is typed. */
  look() {
    const typed = this.box.value;
    const found = typed.startsWith("/") ? known().filter(({ text }) => text.startsWith(typed)) : [];
    // What is typed out already, and takes nothing more, needs no help.
    this.choices = found.filter(({ text, args }) => args || text !== typed);
    if (!this.choices.length) return this.close();
    if (!this.isOpen) announce(`${this.choices.length} commands; the arrow keys choose one.`);
    this.list.hidden = false;
    replace(this.list, ...this.choices.map((choice, at) => this.option(choice, at)));
    this.choose(-1);
    return undefined;
  }

  close() {
    this.list.hidden = true;
    this.choose(-1);
  }

  /**
   * Takes keys that are meant for the list.
   * @param {KeyboardEvent} event @returns {boolean} whether this was one
   */
  key(event) {
    if (!this.isOpen) return false;
    const count = this.choices.length;
    if (event.key === "ArrowDown") this.choose((this.active + 1) % count);
    else if (event.key === "ArrowUp") this.choose((Math.max(this.active, 0) + count - 1) % count);
    else if (event.key === "Escape") this.close();
    else if (event.key === "Tab" && !event.shiftKey) this.pick(Math.max(this.active, 0));
    else if (event.key === "Enter" && this.active >= 0) this.pick(this.active);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  /** @param {number} at -1 for none */
  choose(at) {
    this.active = at;
    [...this.list.children].forEach((option, nth) => {
      option.setAttribute("aria-selected", String(nth === at));
    });
    const option = this.list.children[at];
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.box.setAttribute("aria-activedescendant", option.id);
    else this.box.removeAttribute("aria-activedescendant");
  }

  /** @param {number} at */
  pick(at) {
    this.box.value = this.choices[at].text;
    this.box.dispatchEvent(new Event("input"));
    this.close();
  }

  /** @param {Choice} choice @param {number} at */
  option({ text, args, what }, at) {
    const on = {
      mousedown: (/** @type {Event} */ event) => event.preventDefault(), // focus stays in the box
      click: () => this.pick(at),
    };
    const more = h("span", { class: "completion-args", text: args });
    return h(
      "li",
      { id: `${this.list.id}-${at}`, role: "option", "aria-selected": "false", on },
      h("span", { class: "completion-text" }, text, more),
      " ",
      h("span", { class: "completion-what", text: what }),
    );
  }
}

/** @returns {Choice[]} */
function known() {
  return store.state.app.commands.flatMap((/** @type {any} */ each) => each.completions);
}
