// @ts-check
// table: rows of cells, the first row as their heads; wide ones scroll by themselves.

import { h } from "../dom.js";
import { richText } from "./rich_text.js";
import { unknown } from "./unknown.js";

const CELLS = {
  raw_text: (cell) => cell.text,
  raw_number: (cell) => cell.text,
  rich_text: richText,
};

/** A table block. The frame can be reached with the keyboard, so that it can be scrolled. */
export function table(block, context) {
  const [head, ...rows] = block.rows;
  const settings = block.column_settings ?? [];
  const row = (cells, tag) =>
    h("tr", {}, ...cells.map((cell, at) => tableCell(tag, cell, settings[at], context)));
  const body = h("tbody", {}, ...rows.map((cells) => row(cells, "td")));
  const grid = h("table", { class: "bk-table" }, h("thead", {}, row(head, "th")), body);
  const frame = { class: "bk-table-frame", role: "region", "aria-label": "Table", tabindex: "0" };
  return h("div", frame, grid);
}

function tableCell(tag, cell, setting, context) {
  const make = CELLS[cell.type];
  const content = make ? make(cell, context) : unknown("element", cell.type);
  const align = setting?.align ?? (cell.type === "raw_number" ? "right" : "left");
  const wrapped = setting?.is_wrapped ? " is-wrapped" : "";
  const props = { class: `is-${align}${wrapped}`, dir: "auto" };
  return h(tag, tag === "th" ? { ...props, scope: "col" } : props, content);
}
