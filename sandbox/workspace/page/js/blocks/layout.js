// @ts-check
// The plain blocks: header, section, divider, context, actions and the alert of modals.

import { h } from "../dom.js";
import { renderElement } from "./elements.js";
import { plainText, renderText } from "./text.js";

const ALERTS = { info: "Note", warning: "Warning", error: "Error", success: "Done" };

/** A title, one level below that of the channel, Home or modal that it stands in. */
export function header(block) {
  return h("h3", { class: "bk-header", dir: "auto", text: plainText(block.text) });
}

/** Text, pairs of fields below it, and an element at its side. */
export function section(block, context) {
  const text = block.text ? h("div", { class: "bk-said" }, renderText(block.text, context)) : null;
  const fields = block.fields?.map((field) =>
    h("div", { class: "bk-pair" }, renderText(field, context)),
  );
  const grid = fields ? h("div", { class: "bk-fields" }, ...fields) : null;
  const main = h("div", { class: "bk-main" }, text, grid);
  const side = block.accessory
    ? h("div", { class: "bk-side" }, renderElement(block.accessory, block, context))
    : null;
  return h("div", { class: "bk-section" }, main, side);
}

/** A line across. */
export function divider() {
  return h("hr", { class: "bk-divider" });
}

/** Small print. */
export function context(block, around) {
  const parts = block.elements.map((element) => renderElement(element, block, around));
  return h("div", { class: "bk-context" }, ...parts);
}

/** A row of buttons and menus. */
export function actions(block, around) {
  const parts = block.elements.map((element) => renderElement(element, block, around));
  return h("div", { class: "bk-actions" }, ...parts);
}

/** Something to be noticed in a modal; its level is said, not only coloured. */
export function alert(block, around) {
  const level = block.level ?? "default";
  const word = ALERTS[level] ? h("strong", { text: `${ALERTS[level]}: ` }) : null;
  return h(
    "div",
    { class: `bk-alert is-${level}`, role: "note" },
    word,
    renderText(block.text, around),
  );
}
