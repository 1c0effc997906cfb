// @ts-check
// What stands in place of a block that this page cannot draw: a visible error, never nothing.

import { h } from "../dom.js";

/** `what`: "block" or "element". */
export function unknown(what, type) {
  const one = what === "block" ? "a block" : "an element";
  const said = `This page cannot show ${one} of type "${type}".`;
  return h("div", { class: "unknown", role: "alert", text: said });
}
