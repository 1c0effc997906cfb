// @ts-check
// What an element holds, and what happens when a person changes it or presses it.
// Values here are as the act `fill` takes them: text, an option's value, a list of those, or null.

import { confirmDialog } from "../confirm.js";
import { toastError } from "../toast.js";

/** How each type of element keeps its value: the key in a view's state, the initial one's key. */
const KINDS = {
  plain_text_input: ["value", "initial_value"],
  number_input: ["value", "initial_value"],
  static_select: ["selected_option", "initial_option"],
  radio_buttons: ["selected_option", "initial_option"],
  multi_static_select: ["selected_options", "initial_options"],
  checkboxes: ["selected_options", "initial_options"],
  users_select: ["selected_user", "initial_user"],
  datepicker: ["selected_date", "initial_date"],
  timepicker: ["selected_time", "initial_time"],
  datetimepicker: ["selected_date_time", "initial_date_time"],
};

/** What stands in the element now: as the view's state has it, else as it began. */
export function heldBy(element, block, context) {
  const [key, initial] = KINDS[element.type];
  const state = context.values?.[block.block_id]?.[element.action_id];
  return bare(state ? state[key] : element[initial]);
}

/** A value as a view's state keeps it; null for an element that holds none. */
export function stateOf(element, value) {
  const kind = KINDS[element.type];
  return kind ? { type: element.type, [kind[0]]: value } : null;
}

function bare(value) {
  if (Array.isArray(value)) return value.map(bare);
  if (value === null || value === undefined) return null;
  return typeof value === "object" ? value.value : value;
}

/** Whether the app is told at once: everywhere but in an input block that does not ask for it. */
export function tellsAtOnce(block) {
  return block.type !== "input" || Boolean(block.dispatch_action);
}

/** Notes a value that a person entered; it is not sent yet. */
export function note(element, block, context, value) {
  context.change?.(block, element, value);
}

/** Notes a value, and tells the app where it is to be told. `undo` puts the old one back. */
export async function enter(element, block, context, value, undo = () => {}) {
  if (!tellsAtOnce(block)) return note(element, block, context, value);
  if (element.confirm && !(await confirmDialog(element.confirm))) return undo();
  note(element, block, context, value);
  return tell(context, element, block, value);
}

/** Asks what is to be asked, then presses. `control` shows that it is being done. */
export async function pressed(control, element, block, context, option) {
  if (control.getAttribute("aria-busy") === "true") return;
  if (element.confirm && !(await confirmDialog(element.confirm))) return;
  control.setAttribute("aria-busy", "true");
  await tell(context, element, block, option);
  control.removeAttribute("aria-busy");
}

async function tell(context, element, block, option) {
  try {
    await context.press(element, block, option);
  } catch (failure) {
    toastError(failure);
  }
}
