// @ts-check
// The channel in the centre: its head, its messages, and the box to write in.

import { nameOf } from "./author.js";
import { composer } from "./composer.js";
import { h, icon, replace } from "./dom.js";
import { dropZone } from "./drop.js";
import { MessageList } from "./list.js";
import { NewLine } from "./new_line.js";
import { focusIn } from "./permalink.js";
import { inChannel, isNew, markSeen, onSeen, seenUpTo, unread } from "./seen.js";
import { store } from "./store.js";
import { threads } from "./threads.js";
import { onDismiss, whispers } from "./whispers.js";

const NO_THREAD = { replies: 0 };

/** @param {HTMLElement} container */
export function mountChannel(container) {
  const view = new ChannelView(container);
  store.subscribe("messages", (/** @type {string} */ id) => id === view.channel && view.soon());
  for (const kind of ["ephemerals", "me", "all"]) store.subscribe(kind, () => view.soon());
  store.subscribe("view", () => view.enter());
  onSeen(() => view.soon());
  onDismiss(() => view.soon());
  document.addEventListener("visibilitychange", () => view.seen());
}

class ChannelView {
  /** @param {HTMLElement} container */
  constructor(container) {
    this.container = container;
    this.channel = "";
    this.me = "";
    this.asked = false;
    this.newLine = new NewLine("", null);
    this.list = new MessageList({ where: "channel", seen: () => this.seen() });
    this.title = h("h2", { id: "channel-title" });
    this.note = h("p", { class: "channel-note" });
    this.empty = h("div", { class: "empty", hidden: true });
    this.composer = composer({
      id: "composer",
      thread: () => null,
      sent: () => this.list.toEnd(),
    });
    container.append(
      h("header", { class: "channel-head" }, this.title, this.note),
      this.empty,
      this.list.node,
      this.composer.node,
    );
    dropZone(container, (files) => this.composer.upload(files));
  }

  /** Shows what the store's view says. */
  enter() {
    const channel = store.channel();
    this.container.hidden = !channel;
    if (!channel) return this.leave();
    const { me, view } = store.state;
    if (channel.id !== this.channel || me !== this.me) this.open(channel);
    this.sync();
    if (focusIn() === "channel") this.list.point(view.focus);
    return undefined;
  }

  leave() {
    this.channel = "";
    this.list.clear();
  }

  /** @param {any} channel */
  open(channel) {
    this.channel = channel.id;
    this.me = store.state.me;
    this.newLine = new NewLine(channel.id, null);
    this.list.clear();
    this.list.name(`Messages in #${channel.name}`);
    const mark = icon(channel.is_private ? "lock" : "hash");
    replace(this.title, mark, h("bdi", { text: channel.name }));
    this.note.textContent = channel.has_bot
      ? `${store.state.app.name} listens here: forward it a booking mail.`
      : `${store.state.app.name} is not in this channel and hears nothing here.`;
    this.composer.place(channel.id, `Message #${channel.name}`);
  }

  /** Draws once for everything that changes at the same moment. */
  soon() {
    if (this.asked) return;
    this.asked = true;
    queueMicrotask(() => {
      this.asked = false;
      if (this.channel && store.state.me !== this.me) this.enter();
      else this.sync();
    });
  }

  sync() {
    const channel = store.channel();
    if (!channel || channel.id !== this.channel) return;
    const own = [...channel.messages.values()].filter(inChannel);
    const shown = byTime([...own, ...whispers(channel.id, null)]);
    const under = threads(channel);
    this.list.show(channel.id, shown, {
      divider: this.newLine.find(own, this.watched()),
      extra: (message) => this.thread(message, under.get(message.ts)),
    });
    this.invite(channel, shown.length === 0);
    this.list.offer(unread(channel.id).length);
    this.seen();
  }

  /** @param {any} message @param {any} thread */
  thread(message, thread) {
    if (!thread) return NO_THREAD;
    const fresh = isNew(thread.last, Number(seenUpTo(this.channel, message.ts)));
    const { replies, people } = thread;
    return { replies, people, latest: thread.last.ts, fresh };
  }

  /** Whether somebody looks at the end of the list. */
  watched() {
    const inSight = document.visibilityState === "visible" && this.container.checkVisibility();
    return inSight && this.list.atEnd;
  }

  /** What is at the end, in sight of somebody, was seen. */
  seen() {
    if (!this.channel || !this.watched()) return;
    const own = [...(store.channel()?.messages.values() ?? [])].filter(inChannel);
    if (own.length) markSeen(this.channel, null, own[own.length - 1].ts);
  }

  /** @param {any} channel @param {boolean} isEmpty */
  invite(channel, isEmpty) {
    this.empty.hidden = !isEmpty;
    this.list.node.classList.toggle("is-empty", isEmpty);
    const whose = `${this.me} ${channel.id}`;
    if (!isEmpty || this.empty.dataset.whose === whose) return;
    this.empty.dataset.whose = whose;
    const words = channel.has_bot ? this.start() : ["Nobody has written here yet."];
    const [first, ...rest] = words;
    const mark = icon(channel.has_bot ? "anchor" : "hash");
    replace(this.empty, mark, h("h3", { text: first }), ...rest.map((text) => h("p", { text })));
  }

  start() {
    const me = nameOf(store.person(store.state.me)).split(" ")[0];
    return [
      "Forward a sample mail from the shelf",
      `Welcome aboard, ${me}. Press “Forward” beside one of the sample mails, and ` +
        `${store.state.app.name} reads the mail and asks for a decision here.`,
      "Or drop an .eml file anywhere in this channel. Nothing leaves this machine.",
    ];
  }
}

/** @param {any[]} messages */
function byTime(messages) {
  return messages.sort((one, two) => Number(one.ts) - Number(two.ts));
}
