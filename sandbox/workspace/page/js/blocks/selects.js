// @ts-check
// Menus to choose from: one option, several, or a person. The browser's own controls are used,
// which every keyboard, screen reader and telephone knows.

import { h } from "../dom.js";
import { enter, heldBy, tellsAtOnce } from "./held.js";
import { plainText } from "./text.js";

/** One option out of a list or out of groups. */
export function staticSelect(element, block, context, about) {
  const held = heldBy(element, block, context);
  const choice = (option) => optionNode(option.value, plainText(option.text), held);
  const groups = element.option_groups?.map((group) =>
    h("optgroup", { label: plainText(group.label) }, ...group.options.map(choice)),
  );
  return select(element, block, context, about, groups ?? element.options.map(choice));
}

/** One person of the workspace. */
export function usersSelect(element, block, context, about) {
  const held = heldBy(element, block, context);
  const people = [...context.state.people.values()];
  const choices = people.map((each) => optionNode(each.id, each.real_name || each.name, held));
  return select(element, block, context, about, choices);
}

function optionNode(value, label, held) {
  return h("option", { value, selected: value === held, text: label });
}

function select(element, block, context, about, choices) {
  const held = heldBy(element, block, context);
  const prompt = plainText(element.placeholder) || "Choose…";
  const none = h("option", { value: "", selected: held === null, text: prompt });
  const box = h("select", { ...about, class: "bk-field bk-select" }, none, ...choices);
  const undo = () => (box.value = held ?? "");
  const changed = () => enter(element, block, context, box.value || null, undo);
  box.addEventListener("change", changed);
  if (tellsAtOnce(block)) box.addEventListener("keydown", openInstead);
  return box;
}

/** Where a change acts at once, arrows open the list instead of choosing what comes next. */
function openInstead(event) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  event.currentTarget.showPicker();
}

/** Several options: boxes to tick in a list that scrolls. */
export function multiStaticSelect(element, block, context, about) {
  const held = new Set(heldBy(element, block, context) ?? []);
  const most = element.max_selected_items ?? Infinity;
  const boxes = [];
  const changed = () => {
    const chosen = boxes.filter((box) => box.checked).map((box) => box.value);
    for (const box of boxes) box.disabled = !box.checked && chosen.length >= most;
    enter(element, block, context, chosen, () => tick(boxes, held));
  };
  const choice = (option) => {
    const full = held.size >= most && !held.has(option.value);
    const box = h("input", { type: "checkbox", value: option.value, disabled: full });
    box.checked = held.has(option.value);
    box.addEventListener("change", changed);
    boxes.push(box);
    const words = h("span", { dir: "auto", text: plainText(option.text) });
    return h("label", { class: "bk-choice" }, box, words);
  };
  const groups = element.option_groups ?? [{ options: element.options }];
  const lists = groups.map((group) => optionGroup(group, choice));
  return h("div", { ...about, role: "group", class: "bk-several" }, ...lists);
}

function optionGroup(group, choice) {
  const choices = group.options.map(choice);
  if (!group.label) return choices;
  const label = plainText(group.label);
  const title = h("span", { class: "bk-note", "aria-hidden": "true", text: label });
  return h("div", { role: "group", "aria-label": label }, title, ...choices);
}

function tick(boxes, held) {
  for (const box of boxes) box.checked = held.has(box.value);
}
