// @ts-check
// Modals: the view on top for the person acted as, in the browser's own dialog.
// What was typed stays while the app changes the view, and goes when the last view is closed.

import { api, wordsOf } from "./api.js";
import { keepOpener, keepPlace } from "./blocks/focus.js";
import { Draft, faultsIn, fieldName } from "./blocks/form.js";
import { stateOf } from "./blocks/held.js";
import { h, replace } from "./dom.js";
import { modalForm } from "./modal_form.js";

const LATEST = 4000; // milliseconds after which a taken submission is not waited for any more

/** @typedef {Record<string, any>} Json */

/** Shows modals from now on. @param {any} store */
export function mountModal(store) {
  const modal = new Modal(store);
  for (const kind of ["modal", "me", "all"]) store.subscribe(kind, () => modal.follow());
  modal.follow();
}

class Modal {
  /** @param {any} store */
  constructor(store) {
    this.store = store;
    this.dialog = h("dialog", { class: "modal", "aria-labelledby": "modal-title" });
    this.dialog.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Escape") this.escape(event);
    });
    this.dialog.addEventListener("cancel", (/** @type {Event} */ event) => this.escape(event));
    document.body.append(this.dialog);
    /** @type {Map<string, Draft>} */ this.drafts = new Map();
    /** @type {Json | null} */ this.view = null;
    /** @type {Record<string, string>} */ this.errors = {};
    this.pending = false;
    this.closing = "";
    this.back = () => {};
  }

  /** Shows what the store says is on top. */
  follow() {
    const view = this.store.state.modal;
    const before = this.view;
    if (view?.id === before?.id && view?.hash === before?.hash) return;
    this.view = view;
    if (!view) {
      this.leave();
      return;
    }
    if (view.id !== before?.id) this.errors = {};
    this.pending = false;
    if (!before) this.enter();
    this.draw(view.id === before?.id);
  }

  enter() {
    this.back = keepOpener(document.activeElement);
    this.dialog.showModal();
  }

  leave() {
    this.drafts.clear();
    this.errors = {};
    this.pending = false;
    if (this.dialog.open) this.dialog.close();
    replace(this.dialog);
    this.back();
  }

  /** @param {boolean} again whether the person is in this view already */
  draw(again) {
    const view = /** @type {Json} */ (this.view);
    const back = keepPlace(this.dialog);
    const scrolled = this.dialog.querySelector(".modal-body")?.scrollTop ?? 0;
    const acts = {
      pending: this.pending,
      close: () => this.close(),
      submit: () => this.submit(view),
    };
    replace(this.dialog, modalForm(view, this.context(view), acts));
    const body = this.dialog.querySelector(".modal-body");
    if (again) body.scrollTop = scrolled;
    if (!again || !back()) this.first(view).focus({ preventScroll: again });
  }

  /** Where one begins: what the app asks for, else the first field, else what closes. */
  first(/** @type {Json} */ view) {
    const wanted = view.blocks.find((/** @type {Json} */ block) => block.element?.focus_on_load);
    const body = this.dialog.querySelector(".modal-body");
    const inside = wanted
      ? `[data-block-id="${CSS.escape(wanted.block_id)}"]`
      : "input, select, textarea";
    const found = body.querySelector(inside);
    const control = found?.matches("[role]") ? found.querySelector("input") : found;
    return control ?? this.dialog.querySelector(".modal-foot .bk-button");
  }

  /** @param {Json} view */
  context(view) {
    const draft = this.draft(view);
    return {
      surface: "modal",
      state: this.store.state,
      idPrefix: `modal-${view.id}`,
      values: draft.over(view),
      errors: this.errors,
      change: (/** @type {any} */ block, /** @type {any} */ element, /** @type {any} */ value) => {
        delete this.errors[block.block_id];
        draft.enter(block, element, value);
      },
      press: (/** @type {any} */ element, /** @type {any} */ block, /** @type {any} */ value) =>
        this.tell(view, element, block, value),
    };
  }

  /** @param {Json} view */
  draft(view) {
    const draft = this.drafts.get(view.id) ?? new Draft();
    this.drafts.set(view.id, draft);
    return draft;
  }

  /** An element that the app hears of at once. @param {Json} view */
  async tell(view, /** @type {any} */ element, /** @type {any} */ block, /** @type {any} */ value) {
    const { action_id: action } = element;
    try {
      if (stateOf(element, null)) {
        await api.act("fill", { values: { [fieldName(block, element)]: value } });
        this.draft(view).sent(block, element, value);
      } else await api.act("press", { action, block: block.block_id, option: value });
    } catch (failure) {
      this.show(view, { "": wordsOf(failure) });
    }
  }

  /** @param {Json} view */
  async submit(view) {
    if (this.pending) return;
    const faults = faultsIn(view, this.draft(view), this.context(view));
    if (Object.keys(faults).length) {
      this.show(view, faults);
      return;
    }
    this.pend(true);
    try {
      const errors = await this.send(view);
      if (errors) this.show(view, errors);
      else setTimeout(() => this.view?.hash === view.hash && this.pend(false), LATEST);
    } catch (failure) {
      this.show(view, { "": wordsOf(failure) });
    }
  }

  /** @param {Json} view @returns {Promise<Record<string, string> | null>} what is wrong */
  async send(view) {
    const draft = this.draft(view);
    const values = draft.unsent(view);
    if (Object.keys(values).length) await api.act("fill", { values });
    draft.markSent(values);
    return (await api.act("submit")).errors;
  }

  pend(/** @type {boolean} */ pending) {
    this.pending = pending;
    for (const each of this.dialog.querySelectorAll(".modal-form, [type=submit]")) {
      each.setAttribute("aria-busy", String(pending));
    }
  }

  /** Says what is wrong, and goes to the first of it. */
  show(/** @type {Json} */ view, /** @type {Record<string, string>} */ errors) {
    if (this.view?.id !== view.id) return;
    this.pending = false;
    this.errors = errors;
    this.draw(true);
    const wrong = this.dialog.querySelector("[aria-invalid]");
    const control = wrong?.matches("[role]") ? wrong.querySelector("input") : wrong;
    (control ?? this.dialog.querySelector(".modal-trouble"))?.focus();
  }

  escape(/** @type {Event} */ event) {
    event.preventDefault();
    this.close();
  }

  async close() {
    const { view } = this;
    if (!view || this.closing === view.id) return;
    this.closing = view.id;
    try {
      await api.act("close");
    } catch (failure) {
      this.show(view, { "": wordsOf(failure) });
    }
    this.closing = "";
  }
}
