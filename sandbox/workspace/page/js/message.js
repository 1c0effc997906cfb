// @ts-check
// One message: built once, and afterwards only the parts of it that changed.

import { api } from "./api.js";
import { authorOf, avatar } from "./author.js";
import { renderBlocks } from "./blocks/render.js";
import { renderMrkdwn } from "./blocks/text.js";
import { h, replace } from "./dom.js";
import { renderFiles } from "./files.js";
import { keepingPlace } from "./keep.js";
import { around } from "./message_parts.js";
import { store } from "./store.js";
import { dateOf, timeOf } from "./times.js";

/** @typedef {Record<string, any>} Message */
/** @typedef {{channel: string, where: string, message: Message, about: Message}} Shown */

/**
 * The view of one message in one list (`where`: "channel" or "thread").
 * `about` holds what lies outside it: compact, replies, latest, fresh, count.
 */
export class MessageView {
  /** @param {Shown} shown */
  constructor(shown) {
    this.shown = shown;
    /** @type {Map<string, {json: string, node: HTMLElement}>} */
    this.parts = new Map();
    this.id = `${shown.where}-${shown.message.ts.replace(".", "-")}`;
    this.body = h("div", { class: "message-body" });
    this.element = h(
      "article",
      {
        class: "message",
        data: { ts: shown.message.ts },
        tabindex: "-1",
        "aria-labelledby": `${this.id}-head`,
      },
      this.body,
    );
    this.build();
  }

  /** @param {Shown} shown */
  update(shown) {
    const same = JSON.stringify(this.shown) === JSON.stringify(shown);
    this.shown = shown;
    if (!same) keepingPlace(this.element, () => this.build());
  }

  build() {
    const { message, about } = this.shown;
    const [before, after] = around(this.shown, this.id);
    const parts = [...before, this.head(), ...this.content(), ...after];
    const nodes = parts.map(([key, value, make]) => this.part(key, value, make));
    for (const key of [...this.parts.keys()]) {
      if (!parts.some(([known]) => known === key)) this.parts.delete(key);
    }
    arrange(this.body, nodes);
    this.element.classList.toggle("compact", about.compact);
    this.element.classList.toggle("whisper", Boolean(message.is_ephemeral));
  }

  /** A part as it is already, or built anew because `value` is another. */
  part(/** @type {string} */ key, /** @type {any} */ value, /** @type {() => any} */ make) {
    const json = JSON.stringify(value ?? null);
    const known = this.parts.get(key);
    if (known?.json === json) return known.node;
    const node = known?.node ?? h("div", { class: `part part-${key.split("/")[0]}` });
    replace(node, make());
    this.parts.set(key, { json, node });
    return node;
  }

  /** @returns {[string, any, () => any]} */
  head() {
    const { message } = this.shown;
    const { id, name, badge } = authorOf(message);
    const time = h("time", {
      datetime: new Date(Number(message.ts) * 1000).toISOString(),
      title: dateOf(message.ts),
      text: timeOf(message.ts),
    });
    const make = () => [
      avatar(id),
      h(
        "p",
        { class: "message-head", id: `${this.id}-head` },
        h("bdi", { class: "author", text: name }),
        badge && [" ", h("span", { class: "app-badge", text: badge })],
        " ",
        time,
      ),
    ];
    return ["head", [id, name, badge], make];
  }

  /** @returns {[string, any, () => any][]} */
  content() {
    const { blocks, text, files } = this.shown.message;
    /** @type {[string, any, () => any][]} */
    const found = (blocks ?? []).map((/** @type {any} */ block, /** @type {number} */ nth) => [
      `block/${block.block_id ?? nth}`,
      block,
      () => this.safely(() => renderBlocks([block], this.context(nth))),
    ]);
    if (!found.length && text) found.push(["text", text, () => this.text(text)]);
    if (files?.length) found.push(["files", files, () => this.safely(() => renderFiles(files))]);
    if (this.shown.message.edited && !found.some(([key]) => key.startsWith("block"))) {
      found.push(["edited", true, () => h("span", { class: "edited", text: "(edited)" })]);
    }
    return found;
  }

  /** @param {string} text */
  text(text) {
    const make = () => renderMrkdwn(text, this.context(0));
    return h("div", { class: "message-text", dir: "auto" }, this.safely(make));
  }

  /** What cannot be shown is said where it would be. @param {() => any} make */
  safely(make) {
    try {
      return make();
    } catch (error) {
      const words = `This part of the message cannot be shown: ${error}`;
      return h("p", { class: "unknown", role: "alert", text: words });
    }
  }

  /** @param {number} nth block of the message */
  context(nth) {
    const built = this.shown.message;
    return {
      surface: "message",
      state: store.state,
      idPrefix: `${this.id}-${nth}`,
      press: (/** @type {any[]} */ ...[element, , option]) =>
        this.press(element, option, built),
    };
  }

  /**
   * A click, on the message as the person saw it: while a question was asked, what was pressed
   * may have gone from it. Throws what went wrong, in words.
   * @param {any} element @param {any} option @param {Message} built when the element was drawn
   */
  async press(element, option, built) {
    const { channel, message: now } = this.shown;
    const isThere = JSON.stringify(now.blocks ?? []).includes(JSON.stringify(element));
    const message = isThere ? now : built;
    const asked = { channel, message, action: element.action_id };
    this.element.setAttribute("aria-busy", "true");
    try {
      await api.act("stale_click", option == null ? asked : { ...asked, option });
    } finally {
      this.element.removeAttribute("aria-busy");
    }
  }
}

/** Puts `nodes` into `parent` in this order, moving none that is in its place. */
function arrange(/** @type {HTMLElement} */ parent, /** @type {HTMLElement[]} */ nodes) {
  for (const child of [...parent.children]) {
    if (!nodes.includes(/** @type {HTMLElement} */ (child))) child.remove();
  }
  nodes.forEach((node, at) => {
    if (parent.children[at] !== node) parent.insertBefore(node, parent.children[at] ?? null);
  });
}
