// @ts-check
// How a modal looks: its head with the title, what went wrong, the blocks, its foot.

import { renderBlocks } from "./blocks/render.js";
import { plainText } from "./blocks/text.js";
import { h, icon } from "./dom.js";

const LOOK_BELOW = "Please look at what is marked below.";

/**
 * The form of a view. `acts`: what closes and what submits it. `pending`: it is being submitted.
 * @param {any} view @param {any} context for its blocks, with the errors under them
 * @param {{pending: boolean, close: () => void, submit: () => void}} acts
 */
export function modalForm(view, context, { pending, close, submit }) {
  const send = (/** @type {Event} */ event) => {
    event.preventDefault();
    submit();
  };
  const busy = pending ? "true" : null;
  return h(
    "form",
    { class: "modal-form", novalidate: true, "aria-busy": busy, on: { submit: send } },
    head(view, close),
    h("div", { class: "modal-body" }, trouble(context.errors), renderBlocks(view.blocks, context)),
    foot(view, close, busy),
  );
}

/** A view that was pushed onto another leads back to it. */
function head(/** @type {any} */ view, /** @type {() => void} */ close) {
  const pushed = Boolean(view.previous_view_id);
  const label = pushed ? "Back" : "Close";
  const look = pushed ? "quiet modal-back" : "quiet";
  const props = { type: "button", class: look, "aria-label": label, title: label };
  return h(
    "header",
    { class: "modal-head" },
    h("h2", { id: "modal-title", dir: "auto", text: plainText(view.title) }),
    h("button", { ...props, on: { click: close } }, icon(pushed ? "right" : "close")),
  );
}

/** @param {any} view @param {() => void} close @param {string | null} busy */
function foot(view, close, busy) {
  const words = plainText(view.close) || (view.submit ? "Cancel" : "Close");
  const look = { class: "bk-button is-primary", "aria-busy": busy };
  return h(
    "footer",
    { class: "modal-foot" },
    h("button", { type: "button", class: "bk-button", on: { click: close } }, words),
    view.submit && h("button", { type: "submit", ...look }, plainText(view.submit)),
  );
}

/**
 * What is wrong with the whole, or that several fields are.
 * @param {Record<string, string>} errors by block_id, "" for the whole
 */
function trouble(errors) {
  const words = errors[""] ?? (Object.keys(errors).length > 1 ? LOOK_BELOW : "");
  const props = { class: "modal-trouble", role: "alert", tabindex: "-1", dir: "auto" };
  return words ? h("p", { ...props, text: words }) : null;
}
