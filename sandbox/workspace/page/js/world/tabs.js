// @ts-check
// A row of tabs over their panels: arrows, Home and End move; each has a count and a mark
// that something in it changed while another was shown.
import { h, icon } from "../dom.js";
import { setText } from "./keyed.js";

/** @type {Record<string, number>} */
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export class Tabs {
  /**
   * @param {{id: string, label: string, sign: string, node: Element}[]} tabs
   * @param {(id: string) => void} chosen is told of every new choice
   */
  constructor(tabs, chosen) {
    this.chosen = chosen;
    this.selected = "";
    /** @type {Map<string, any>} */
    this.parts = new Map(tabs.map((tab) => [tab.id, this.part(tab)]));
    const all = [...this.parts.values()];
    this.list = h(
      "div",
      { class: "world-tabs", role: "tablist", "aria-label": "Outside systems" },
      all.map((part) => part.tab),
    );
    this.list.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.key(event));
    this.panels = all.map((part) => part.panel);
  }

  /** @param {{id: string, label: string, sign: string, node: Element}} of */
  part({ id, label, sign, node }) {
    const badge = h("span", { class: "badge", hidden: true });
    const words = h("span", { class: "unseen", text: "changed" });
    const mark = h("span", { class: "mark", hidden: true }, words);
    const tab = h(
      "button",
      {
        type: "button",
        role: "tab",
        id: `world-tab-${id}`,
        "aria-controls": `world-panel-${id}`,
        "aria-selected": "false",
        tabindex: "-1",
        on: { click: () => this.select(id) },
      },
      icon(sign),
      h("span", { class: "label", text: label }),
      " ",
      badge,
      " ",
      mark,
    );
    const panel = h(
      "div",
      {
        class: `world-panel world-${id}`,
        role: "tabpanel",
        id: `world-panel-${id}`,
        "aria-labelledby": tab.id,
        tabindex: "0",
        hidden: true,
      },
      node,
    );
    return { tab, panel, badge, mark, scroll: 0 };
  }

  /** @param {string} id */
  select(id) {
    const before = this.parts.get(this.selected);
    if (this.selected === id) return;
    if (before) {
      before.scroll = before.panel.scrollTop;
      this.turn(before, false);
    }
    const part = this.parts.get(id);
    this.selected = id;
    this.turn(part, true);
    part.panel.scrollTop = part.scroll;
    part.mark.hidden = true;
    this.chosen(id);
  }

  /** @param {any} part @param {boolean} on */
  turn({ tab, panel }, on) {
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    panel.hidden = !on;
  }

  /** @param {string} id @param {string} text "" for no badge */
  count(id, text) {
    const { badge } = this.parts.get(id);
    setText(badge, text);
    badge.hidden = !text;
  }

  /** @param {string} id something in it changed */
  changed(id) {
    if (id !== this.selected) this.parts.get(id).mark.hidden = false;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const ids = [...this.parts.keys()];
    const at = ids.indexOf(this.selected);
    const to =
      event.key === "Home" ? 0
      : event.key === "End" ? ids.length - 1
      : event.key in STEPS ? (at + STEPS[event.key] + ids.length) % ids.length
      : -1;
    if (to < 0) return;
    event.preventDefault();
    this.select(ids[to]);
    this.parts.get(ids[to]).tab.focus();
  }
}
