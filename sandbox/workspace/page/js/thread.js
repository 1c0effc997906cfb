// @ts-check
// The panel of an open thread: its first message, the replies, and a box to reply in.

import { composer } from "./composer.js";
import { h, icon } from "./dom.js";
import { MessageList } from "./list.js";
import { NewLine } from "./new_line.js";
import { focusIn } from "./permalink.js";
import { isNew, markSeen, seenUpTo } from "./seen.js";
import { store } from "./store.js";
import { threadOf } from "./threads.js";
import { onDismiss, whispers } from "./whispers.js";

const NARROW = matchMedia("(max-width: 900px)");

/** @param {HTMLElement} container @param {() => void} close */
export function mountThread(container, close) {
  const view = new ThreadView(container, close);
  store.subscribe("messages", (/** @type {string} */ id) => id === view.channel && view.sync());
  store.subscribe("me", () => view.anew());
  for (const kind of ["ephemerals", "all"]) store.subscribe(kind, () => view.sync());
  store.subscribe("view", () => view.enter());
  onDismiss(() => view.sync());
  document.addEventListener("visibilitychange", () => view.seen());
}

class ThreadView {
  /** @param {HTMLElement} container @param {() => void} close */
  constructor(container, close) {
    this.container = container;
    this.channel = "";
    /** @type {string | null} */
    this.thread = null;
    this.newLine = new NewLine("", null);
    this.list = new MessageList({ where: "thread", seen: () => this.seen() });
    this.where = h("p", { class: "panel-note" });
    const about = { type: "button", class: "quiet", "aria-label": "Close the thread" };
    this.composer = composer({
      id: "reply",
      thread: () => this.thread,
      sent: () => this.list.toEnd(),
    });
    this.none = h("div", { class: "no-thread" }, icon("reply"), h("p", { text: NONE }));
    this.open = h("div", { class: "thread-open" }, this.list.node, this.composer.node);
    container.append(
      h(
        "header",
        { class: "panel-head" },
        h("div", {}, h("h2", { id: "thread-title", text: "Thread" }), this.where),
        h("button", { ...about, on: { click: close } }, icon("close")),
      ),
      this.none,
      this.open,
    );
  }

  enter() {
    const { place, thread, focus } = store.state.view;
    const opened = thread && (place !== this.channel || thread !== this.thread);
    this.channel = place;
    this.thread = thread;
    this.none.hidden = Boolean(thread);
    this.open.hidden = !thread;
    this.where.textContent = "";
    if (!thread) return this.list.clear();
    this.where.textContent = `#${store.channel()?.name ?? ""}`;
    if (opened) this.begin(thread);
    this.sync();
    if (focusIn() === "thread") this.list.point(focus);
    else if (opened && !focus) this.takeFocus();
    return undefined;
  }

  /** On a phone a focused box would bring up the keyboard over what is to be read. */
  takeFocus() {
    const box = /** @type {HTMLElement} */ (document.getElementById("reply"));
    (NARROW.matches ? this.container : box).focus();
  }

  /** @param {string} thread */
  begin(thread) {
    this.newLine = new NewLine(this.channel, thread);
    this.list.clear();
    this.list.name("Messages of this thread");
    this.composer.place(`${this.channel}/${thread}`, "Reply…");
  }

  /** Another person reads it: what is new, and who is mentioned, is another matter. */
  anew() {
    if (this.thread) this.begin(this.thread);
    this.sync();
  }

  sync() {
    const channel = store.channel();
    if (!this.thread || channel?.id !== this.channel) return;
    const own = threadOf(channel, this.thread);
    if (!own.some((message) => message.ts === this.thread)) return;
    const shown = [...own, ...whispers(channel.id, this.thread)];
    shown.sort((one, two) => Number(one.ts) - Number(two.ts));
    this.list.show(channel.id, shown, {
      divider: this.newLine.find(own, this.watched()),
      extra: (message) => ({ count: message.ts === this.thread ? own.length - 1 : null }),
    });
    const seen = Number(seenUpTo(channel.id, this.thread));
    this.list.offer(own.filter((message) => isNew(message, seen)).length);
    this.seen();
  }

  /** Whether somebody looks at the end of the thread. */
  watched() {
    const inSight = document.visibilityState === "visible" && this.container.checkVisibility();
    return inSight && this.list.atEnd;
  }

  /** What is at the end, in sight of somebody, was seen. */
  seen() {
    const channel = store.channel();
    if (!this.thread || channel?.id !== this.channel || !this.watched()) return;
    const last = threadOf(channel, this.thread).pop();
    if (last) markSeen(this.channel, this.thread, last.ts);
  }
}

const NONE = "No thread is open. Press “replies” under a message, or “Reply in thread”.";
