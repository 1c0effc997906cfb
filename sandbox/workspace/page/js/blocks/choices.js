// @ts-check
// Checkboxes and radio buttons: a group of labelled controls, each with its description.

import { h } from "../dom.js";
import { enter, heldBy } from "./held.js";
import { renderText } from "./text.js";

/** Any number of options. */
export function checkboxes(element, block, context, about) {
  const held = heldBy(element, block, context) ?? [];
  const read = (boxes) => boxes.filter((box) => box.checked).map((box) => box.value);
  return choices("checkbox", element, block, context, about, held, read);
}

/** Exactly one option. */
export function radioButtons(element, block, context, about) {
  const held = [heldBy(element, block, context)];
  const read = (boxes) => boxes.find((box) => box.checked)?.value ?? null;
  return choices("radio", element, block, context, about, held, read);
}

function choices(type, element, block, context, about, held, read) {
  const name = `${about.id}-choice`;
  const boxes = element.options.map((option, at) => {
    const described = option.description ? `${name}-${at}-about` : null;
    const props = { type, name, id: `${name}-${at}`, value: option.value };
    const box = h("input", { ...props, "aria-describedby": described });
    box.checked = held.includes(option.value);
    return box;
  });
  const undo = () => boxes.forEach((box) => (box.checked = held.includes(box.value)));
  const changed = () => enter(element, block, context, read(boxes), undo);
  for (const box of boxes) box.addEventListener("change", changed);
  const rows = element.options.map((option, at) => row(option, boxes[at], context));
  const role = type === "radio" ? "radiogroup" : "group";
  return h("div", { ...about, role, class: "bk-choices" }, ...rows);
}

function row(option, box, context) {
  const label = h("label", { for: box.id }, renderText(option.text, context));
  const description = option.description
    ? h(
        "span",
        { class: "bk-note", id: `${box.id}-about` },
        renderText(option.description, context),
      )
    : null;
  return h("div", { class: "bk-choice" }, box, h("span", {}, label, description));
}
