// @ts-check
// What a person typed into views and did not send yet, and what the page itself finds wrong in it.

import { controlId } from "./elements.js";
import { stateOf } from "./held.js";
import { numberFault } from "./typed.js";

const UNFINISHED = "Please finish this date or time, or empty it.";

/** @typedef {{block: any, element: any, value: any, sent: boolean}} Entry */

/** Entries by the place where they were typed; a place is a block_id and an action_id. */
export class Draft {
  constructor() {
    /** @type {Map<string, Entry>} */
    this.entries = new Map();
  }

  /** @param {any} block @param {any} element @param {any} value */
  enter(block, element, value) {
    this.entries.set(place(block, element), { block, element, value, sent: false });
  }

  /** @param {any} block @param {any} element @param {any} value */
  sent(block, element, value) {
    const entry = this.entries.get(place(block, element));
    if (entry && entry.value === value) entry.sent = true;
  }

  /**
   * The view's values with what was typed since on top of them.
   * @param {any} view @returns {any} as Slack keeps them
   */
  over(view) {
    const values = structuredClone(view.state?.values ?? {});
    for (const { block, element, value } of this.entries.values()) {
      const held = values[block.block_id]?.[element.action_id];
      if (held) values[block.block_id][element.action_id] = stateOf(element, value);
    }
    return values;
  }

  /** What the act `fill` takes. @param {any} view @returns {Record<string, any>} */
  unsent(view) {
    /** @type {Record<string, any>} */
    const values = {};
    for (const block of view.blocks) {
      for (const element of fieldsOf(block)) {
        const entry = this.entries.get(place(block, element));
        if (entry && !entry.sent) values[fieldName(block, element)] = entry.value;
      }
    }
    return values;
  }

  /** What was typed meanwhile is not sent yet. @param {Record<string, any>} values as `unsent` */
  markSent(values) {
    for (const entry of this.entries.values()) {
      if (entry.value === values[fieldName(entry.block, entry.element)]) entry.sent = true;
    }
  }
}

/** How `fill` finds a field: by its block, or by its own name where the block has several. */
export function fieldName(/** @type {any} */ block, /** @type {any} */ element) {
  return fieldsOf(block).length > 1 ? element.action_id : block.block_id;
}

/**
 * What can be seen to be wrong before anything is sent, by block_id.
 * @param {any} view @param {Draft} draft @param {any} context
 * @returns {Record<string, string>}
 */
export function faultsIn(view, draft, context) {
  /** @type {Record<string, string>} */
  const found = {};
  for (const block of view.blocks.filter((/** @type {any} */ each) => each.type === "input")) {
    const { element } = block;
    const typed = draft.entries.get(place(block, element))?.value;
    const control = document.getElementById(controlId(element, block, context));
    const unfinished = control instanceof HTMLInputElement && control.validity.badInput;
    const fault = element.type === "number_input" ? numberFault(element, typed) : "";
    if (fault || unfinished) found[block.block_id] = fault || UNFINISHED;
  }
  return found;
}

/** @param {any} block @returns {any[]} the elements of a block that hold a value */
function fieldsOf(block) {
  const elements = [...(block.elements ?? []), block.accessory, block.element];
  return elements.filter((element) => element && stateOf(element, null) && element.action_id);
}

/** @param {any} block @param {any} element */
function place(block, element) {
  return `${block.block_id}\n${element.action_id}`;
}
