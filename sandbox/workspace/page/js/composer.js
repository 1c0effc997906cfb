// @ts-check
// The box to write in: words, slash commands, files. One for the channel, one for the thread.

import { api, wordsOf } from "./api.js";
import { Completion } from "./completion.js";
import { h, icon } from "./dom.js";
import { store } from "./store.js";
import { toast } from "./toast.js";
import { uploads } from "./uploads.js";

const NOT_HERE = "Slack runs no slash commands in threads. Type it in the channel instead.";

/**
 * @param {{id: string, thread: () => string | null, sent: () => void}} options
 *   `thread`: ts of its parent, if any; `sent`: something is on its way
 */
export function composer(options) {
  return new Composer(options);
}

class Composer {
  /** @param {{id: string, thread: () => string | null, sent: () => void}} options */
  constructor({ id, thread, sent }) {
    this.thread = thread;
    this.onSent = sent;
    this.key = "";
    this.name = "";
    this.pending = 0;
    /** @type {Map<string, string>} what was begun, by place and person */
    this.drafts = new Map();
    const on = {
      input: () => this.begun(),
      keydown: (/** @type {KeyboardEvent} */ event) => this.keyed(event),
    };
    this.box = h("textarea", { id, rows: "1", dir: "auto", "aria-describedby": `${id}-hint`, on });
    this.completion = new Completion(this.box, `${id}-commands`);
    this.status = h("p", { class: "composer-status", role: "status" });
    this.send = h(
      "button",
      { type: "submit", class: "send", "aria-label": "Send", title: "Send" },
      icon("send"),
    );
    this.uploads = uploads();
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      void this.sent();
    };
    const hint = h("p", { class: "composer-hint", id: `${id}-hint` }, ...hintWords(id));
    const attach = id === "composer" ? this.uploads.button : null;
    const tools = h("div", { class: "composer-tools" }, attach, hint, this.send);
    this.node = h(
      "form",
      { class: "composer", on: { submit } },
      this.completion.list,
      h("div", { class: "composer-box" }, this.box, tools),
      this.uploads.node,
      this.status,
    );
    store.subscribe("me", () => this.place(this.name, this.box.placeholder));
  }

  /**
   * Moves to another place, where its own draft waits.
   * @param {string} name @param {string} label
   */
  place(name, label) {
    this.name = name;
    this.drafts.set(this.key, this.box.value);
    this.key = `${store.state.me} ${name}`;
    this.box.placeholder = label;
    this.box.setAttribute("aria-label", label.replace("…", ""));
    this.box.value = this.drafts.get(this.key) ?? "";
    this.say("");
    this.typed();
    this.completion.close();
  }

  /** @param {File[]} files */
  upload(files) {
    return this.uploads.send(files);
  }

  /** Going on writing is an answer to what went wrong. */
  begun() {
    if (this.status.classList.contains("is-error")) this.say("");
    this.typed();
  }

  typed() {
    this.send.disabled = this.box.value.trim() === "";
    this.completion.look();
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight}px`;
  }

  /** @param {KeyboardEvent} event */
  keyed(event) {
    if (event.isComposing || this.completion.key(event)) return;
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    void this.sent();
  }

  async sent() {
    const text = this.box.value.trim();
    const isCommand = /^\/[a-z]/i.test(text);
    if (!text) return;
    if (isCommand && this.thread()) return this.say(NOT_HERE, true);
    this.box.value = "";
    this.typed();
    this.say(isCommand ? `${store.state.app.name} is working on it…` : "");
    const { key } = this;
    this.pending += 1;
    this.onSent();
    try {
      await this.act(text, isCommand);
      this.pending -= 1;
      if (this.pending === 0) this.say("");
    } catch (error) {
      this.pending -= 1;
      this.back(key, text, `Not sent: ${wordsOf(error)}`);
    }
  }

  /** @param {string} text @param {boolean} isCommand */
  act(text, isCommand) {
    const channel = store.state.view.place;
    if (isCommand) return api.act("command", { channel, text });
    const thread = this.thread();
    return api.act("say", { channel, text, ...(thread ? { thread } : {}) });
  }

  /**
   * What could not be sent is a draft again where it was written, unless another is there by now.
   * @param {string} key of that place @param {string} text @param {string} words
   */
  back(key, text, words) {
    if (key !== this.key) {
      this.drafts.set(key, this.drafts.get(key) || text);
      return toast(words, { kind: "error" });
    }
    if (this.box.value === "") this.box.value = text;
    this.typed();
    this.completion.close();
    return this.say(words, true);
  }

  /** @param {string} words @param {boolean} [isError] */
  say(words, isError = false) {
    this.status.textContent = words;
    this.status.classList.toggle("is-error", isError);
  }
}

/** @param {string} id */
function hintWords(id) {
  const keys = [h("kbd", { text: "Enter" }), " sends, ", h("kbd", { text: "Shift+Enter" })];
  const more = id === "composer" ? [", ", h("kbd", { text: "/" }), " commands"] : [];
  return [...keys, " new line", ...more];
}
