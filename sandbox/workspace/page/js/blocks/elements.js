// @ts-check
// The elements of Block Kit by type. A new one is a function `(element, block, context, about)`
// that returns a node, and a line here. `about`: the attributes that name and describe it.

import { button, overflow } from "./buttons.js";
import { checkboxes, radioButtons } from "./choices.js";
import { contextImage } from "./image.js";
import { datepicker, datetimepicker, timepicker } from "./pickers.js";
import { multiStaticSelect, staticSelect, usersSelect } from "./selects.js";
import { numberInput, plainTextInput } from "./typed.js";
import { plainText, renderText } from "./text.js";
import { unknown } from "./unknown.js";

const ELEMENTS = {
  button,
  overflow,
  static_select: staticSelect,
  multi_static_select: multiStaticSelect,
  users_select: usersSelect,
  datepicker,
  timepicker,
  datetimepicker,
  checkboxes,
  radio_buttons: radioButtons,
  plain_text_input: plainTextInput,
  number_input: numberInput,
  image: contextImage,
  plain_text: renderText,
  mrkdwn: renderText,
};
const TEXTS = new Set(["plain_text", "mrkdwn"]);

/**
 * Any element of a block. Outside an input block it is named by what it asks for.
 * @param {any} element @param {any} block @param {any} context
 * @param {Record<string, any> | null} [about]
 */
export function renderElement(element, block, context, about = null) {
  const make = ELEMENTS[element?.type];
  if (!make) return unknown("element", element?.type);
  if (TEXTS.has(element.type)) return make(element, context);
  return make(element, block, context, about ?? aboutAlone(element, block, context));
}

/** The id of an element's control, unique in the page by the context's prefix. */
export function controlId(element, block, context) {
  const raw = [context.idPrefix, block.block_id, element.action_id].filter(Boolean).join("-");
  return raw.replace(/[^A-Za-z0-9_-]/g, (character) => `_${character.codePointAt(0)}`);
}

function aboutAlone(element, block, context) {
  const said = plainText(element.placeholder) || WORDS[element.type] || "Choose";
  const described = block.text && block.accessory ? plainText(block.text).slice(0, 80) : "";
  const label = described ? `${described}: ${said}` : said;
  const data = { blockId: block.block_id, actionId: element.action_id };
  return { id: controlId(element, block, context), "aria-label": label, data };
}

const WORDS = {
  static_select: "Choose an option",
  multi_static_select: "Choose options",
  users_select: "Choose a person",
  datepicker: "Date",
  timepicker: "Time",
  datetimepicker: "Date and time",
};
