// @ts-check
// The input block: a label bound to its element, a hint, what is wrong, whether it may be empty.

import { h } from "../dom.js";
import { controlId, renderElement } from "./elements.js";
import { plainText } from "./text.js";

const GROUPS = new Set(["checkboxes", "radio_buttons", "multi_static_select"]);

/** An input block. Its error goes when the person changes what it is about. */
export function input(block, context) {
  const { element } = block;
  const id = controlId(element, block, context);
  const wrong = context.errors?.[block.block_id];
  const parts = { label: `${id}-label`, hint: `${id}-hint`, error: `${id}-error` };
  const described = [wrong && parts.error, block.hint && parts.hint].filter(Boolean).join(" ");
  const about = {
    id,
    "aria-labelledby": parts.label,
    "aria-describedby": described || null,
    "aria-invalid": wrong ? "true" : null,
    "aria-required": requiredState(block, element),
    data: { blockId: block.block_id, actionId: element.action_id },
  };
  const error = wrong
    ? h("p", { class: "bk-error", id: parts.error, dir: "auto", text: wrong })
    : null;
  const forgiving = { ...context, change: (...changed) => forgive(holder, context, changed) };
  const holder = h(
    "div",
    { class: wrong ? "bk-input is-wrong" : "bk-input" },
    label(block, parts.label, id),
    renderElement(element, block, forgiving, about),
    error,
    block.hint
      ? h("p", { class: "bk-hint", id: parts.hint, dir: "auto", text: plainText(block.hint) })
      : null,
  );
  return holder;
}

function requiredState(block, element) {
  const groupOfBoxes = element.type === "checkboxes" || element.type === "multi_static_select";
  return block.optional || groupOfBoxes ? null : "true";
}

function label(block, labelId, id) {
  const words = h("span", { id: labelId, dir: "auto", text: plainText(block.label) });
  const mark = block.optional ? h("span", { class: "bk-optional", text: " (optional)" }) : null;
  const tag = GROUPS.has(block.element.type) ? "span" : "label";
  return h(tag, { class: "bk-label", for: tag === "label" ? id : null }, words, mark);
}

function forgive(holder, context, changed) {
  holder.classList.remove("is-wrong");
  holder.querySelector(".bk-error")?.remove();
  holder.querySelector("[aria-invalid]")?.removeAttribute("aria-invalid");
  context.change?.(...changed);
}
