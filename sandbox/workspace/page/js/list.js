// @ts-check
// A list of messages, by their ts: only what changed is built anew, and the end stays in sight.

import { h } from "./dom.js";
import { MessageView } from "./message.js";
import { rows } from "./rows.js";
import { dayOf } from "./times.js";
import { roving } from "./roving.js";

const AT_END = 40; // pixels from the end that still count as being there
const LONG = 50; // messages from which on those out of sight are not laid out

export class MessageList {
  /** @param {{where: string, seen: () => void}} options `seen`: somebody looks at the end */
  constructor({ where, seen }) {
    this.where = where;
    this.seen = seen;
    /** @type {Map<string, {view: MessageView, row: HTMLElement, marks: string}>} */
    this.known = new Map();
    this.atEnd = true;
    this.top = 0; // where it was scrolled to, and how high it was
    this.height = 0;
    this.inner = h("div", { class: "list-inner" });
    this.more = h("button", {
      type: "button",
      class: "more-below",
      hidden: true,
      on: { click: () => this.toEnd() },
    });
    // Messages are announced by notices.js in sentences, so this log stays silent itself.
    const silent = { role: "log", "aria-live": "off" };
    const on = { scroll: () => this.moved() };
    this.scroller = h("div", { class: "list-scroller", ...silent, on }, this.inner);
    this.node = h("div", { class: "list" }, this.scroller, this.more);
    roving(this.scroller, "article.message");
    new ResizeObserver(() => this.atEnd && this.pin()).observe(this.inner);
    new ResizeObserver(() => this.atEnd && this.pin()).observe(this.scroller);
  }

  /** @param {string} words what the list is called */
  name(words) {
    this.scroller.setAttribute("aria-label", words);
  }

  /** Forgets everything, before another channel or thread is shown. */
  clear() {
    this.known.clear();
    this.inner.replaceChildren();
    this.atEnd = true;
    this.more.hidden = true;
  }

  /**
   * Shows these messages, oldest first.
   * @param {string} channel @param {Record<string, any>[]} messages
   * @param {{divider: string | null, extra: (message: any) => any}} about
   *   `divider`: ts of the first new one; `extra`: what else a message's view shows
   */
  show(channel, messages, { divider, extra }) {
    const shown = rows(messages, divider);
    this.node.classList.toggle("is-long", shown.length > LONG);
    const stays = new Set(shown.map((each) => each.message.ts));
    for (const [ts, { row }] of this.known) {
      if (!stays.has(ts)) this.remove(ts, row);
    }
    shown.forEach(({ message, day, fresh, compact }, at) => {
      const about = { compact, ...extra(message) };
      const row = this.row({ channel, where: this.where, message, about }, day, fresh);
      const there = this.inner.children[at];
      if (there !== row) this.inner.insertBefore(row, there ?? null);
    });
    if (this.atEnd) this.pin();
  }

  /** @param {any} shown @param {boolean} day @param {boolean} fresh */
  row(shown, day, fresh) {
    const { ts } = shown.message;
    let known = this.known.get(ts);
    if (known) known.view.update(shown);
    else {
      const view = new MessageView(shown);
      known = { view, row: h("div", { class: "row" }, view.element), marks: "" };
      this.known.set(ts, known);
    }
    const marks = `${day ? dayOf(ts) : ""}/${fresh}`;
    if (known.marks !== marks) this.mark(known, day ? dayOf(ts) : "", fresh);
    known.marks = marks;
    return known.row;
  }

  /** Puts the day and the beginning of what is new above a message. */
  mark(/** @type {any} */ { row, view }, /** @type {string} */ day, /** @type {boolean} */ fresh) {
    for (const old of row.querySelectorAll(":scope > .day, :scope > .new-line")) old.remove();
    if (day) view.element.before(h("p", { class: "day" }, h("span", { text: day })));
    if (fresh) view.element.before(h("p", { class: "new-line" }, h("span", { text: "New" })));
  }

  /** @param {string} ts @param {HTMLElement} row */
  remove(ts, row) {
    const focused = row.contains(document.activeElement);
    const next = (row.nextElementSibling ?? row.previousElementSibling)?.querySelector("article");
    row.remove();
    this.known.delete(ts);
    if (focused) next?.focus();
  }

  /** Brings one message into sight, and focus to it. @param {string} ts */
  point(ts) {
    const element = this.known.get(ts)?.view.element;
    if (!element) return;
    this.atEnd = false;
    element.scrollIntoView({ block: "center" });
    element.focus({ preventScroll: true });
    element.classList.add("pointed");
    setTimeout(() => element.classList.remove("pointed"), 2500);
  }

  toEnd() {
    this.atEnd = true;
    this.pin();
  }

  pin() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.top = this.scroller.scrollTop;
    this.height = this.scroller.scrollHeight;
    this.more.hidden = true;
    if (this.inner.childElementCount) this.seen();
  }

  /**
   * Who scrolls up leaves the end. What grows or shrinks does not lead away from it: it moves
   * the place up by no more than it has shrunk.
   */
  moved() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const near = scrollHeight - scrollTop - clientHeight < AT_END;
    const shrunk = Math.max(this.height - scrollHeight, 0);
    const up = scrollTop < this.top - shrunk - 1;
    this.top = scrollTop;
    this.height = scrollHeight;
    if (near) this.atEnd = true;
    else if (up) this.atEnd = false;
    else if (this.atEnd) requestAnimationFrame(() => this.atEnd && this.pin());
    if (near) this.more.hidden = true;
    if (near) this.seen();
  }

  /** Offers the way to what is new below. @param {number} count */
  offer(count) {
    this.more.hidden = this.atEnd || count === 0;
    this.more.textContent = count === 1 ? "1 new message ↓" : `${count} new messages ↓`;
  }
}
