// @ts-check
// task_card and plan: the live checklist of a run, each step with a mark that says how it stands.
// The mark is a drawing with words for those who do not see it; only the running one moves.

import { h } from "../dom.js";
import { linkNode } from "./inline.js";
import { richText } from "./rich_text.js";

const SVG = "http://www.w3.org/2000/svg";
const STATES = {
  pending: { words: "Waiting", paths: [] },
  in_progress: { words: "Running", paths: ["M8 1.5a6.5 6.5 0 0 1 6.5 6.5"] },
  complete: { words: "Done", paths: ["M4.7 8.3l2.3 2.3 4.4-4.9"] },
  error: { words: "Failed", paths: ["M8 4.3v4.4", "M8 11.4v.2"] },
};

/** A task card that stands alone. */
export function taskCard(block, context) {
  return h("div", { class: "bk-plan" }, h("ul", { class: "bk-tasks" }, task(block, context)));
}

/** A plan: a title and its tasks in order. */
export function plan(block, context) {
  const title = h("p", { class: "bk-plan-title", dir: "auto", text: block.title });
  const tasks = (block.tasks ?? []).map((each) => task(each, context));
  const list = tasks.length ? h("ol", { class: "bk-tasks" }, ...tasks) : null;
  return h("div", { class: "bk-plan", role: "group", "aria-label": block.title }, title, list);
}

function task(block, context) {
  const state = STATES[block.status];
  const parts = ["details", "output"].map((key) =>
    block[key] ? h("div", { class: `bk-task-${key}` }, richText(block[key], context)) : null,
  );
  const title = h("p", { class: "bk-task-title", dir: "auto", text: block.title });
  const body = h("div", { class: "bk-task-body" }, title, ...parts, sources(block.sources ?? []));
  return h("li", { class: `bk-task is-${block.status}` }, mark(state), body);
}

function sources(found) {
  if (!found.length) return null;
  const links = found.map((source) => h("li", {}, linkNode(source.url, source.text)));
  return h("ul", { class: "bk-sources", "aria-label": "Sources" }, ...links);
}

function mark(state) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 16 16");
  drawing.setAttribute("aria-hidden", "true");
  drawing.append(shape("circle", { cx: "8", cy: "8", r: "6.5" }));
  drawing.append(...state.paths.map((d) => shape("path", { d })));
  return h("span", { class: "bk-mark", role: "img", "aria-label": state.words }, drawing);
}

function shape(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}
