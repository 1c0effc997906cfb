// @ts-check
// What is typed: a line, several lines, a number. The count shows when the room gets short.

import { h } from "../dom.js";
import { enter, heldBy, note } from "./held.js";
import { plainText } from "./text.js";

const SHORT = 600; // characters: a field as short as this always shows its count
const NEAR = 150; // characters left at which a longer one begins to

/** A line or, with `multiline`, a box of text. */
export function plainTextInput(element, block, context, about) {
  const tag = element.multiline ? "textarea" : "input";
  const props = { ...about, class: "bk-field", dir: "auto", rows: element.multiline ? "3" : null };
  const box = typedBox(tag, element, block, context, props);
  if (!element.max_length) return box;
  const count = h("span", { class: "bk-count", "aria-hidden": "true" });
  const update = () => showCount(count, box, element.max_length);
  box.addEventListener("input", update);
  update();
  return h("span", { class: "bk-counted" }, box, count);
}

/** A number, typed as text: the page says itself what is no number. */
export function numberInput(element, block, context, about) {
  const inputmode = element.is_decimal_allowed ? "decimal" : "numeric";
  return typedBox("input", element, block, context, { ...about, class: "bk-field", inputmode });
}

/** What is wrong with a number as it was typed, "" if nothing; the app sees numbers alone. */
export function numberFault(element, text) {
  if (!text) return "";
  if (!/^-?\d+(\.\d+)?$/.test(text)) return "Please enter a number.";
  if (!element.is_decimal_allowed && text.includes(".")) return "Please enter a whole number.";
  return "";
}

function typedBox(tag, element, block, context, props) {
  const placeholder = element.placeholder ? plainText(element.placeholder) : null;
  const held = heldBy(element, block, context) ?? "";
  const type = tag === "input" ? { type: "text", autocomplete: "off" } : {};
  const box = h(tag, { ...type, ...props, placeholder });
  box.value = held;
  const value = () => (element.type === "number_input" ? box.value.trim() : box.value) || null;
  box.addEventListener("input", () => note(element, block, context, value()));
  if (block.dispatch_action) dispatching(box, element, block, context, value);
  return box;
}

/** Fields that tell the app as they are typed, or when Enter is pressed. */
function dispatching(box, element, block, context, value) {
  const when = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const tell = () => numberOk(element, value()) && enter(element, block, context, value());
  if (when.includes("on_character_entered")) box.addEventListener("input", tell);
  if (!when.includes("on_enter_pressed")) return;
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    tell();
  });
}

function numberOk(element, value) {
  return element.type !== "number_input" || !numberFault(element, value);
}

function showCount(count, box, most) {
  const left = most - [...box.value].length;
  count.hidden = most > SHORT && left > NEAR;
  count.classList.toggle("is-over", left < 0);
  count.textContent = left < 0 ? `${-left} too many` : `${left} left`;
}
