// @ts-check
// Text with marks that pair up, such as *bold*: read once from left to right, matched on a stack,
// so that time grows with the length alone. A mark without a partner on its line stays text.

import { h } from "../dom.js";

/** @typedef {{text?: string, node?: Node, mark?: string, line?: boolean, opens?: boolean,
 *   closes?: boolean, start?: boolean, end?: boolean}} Item */
/** @typedef {(text: string, at: number) => [Item, number]} Next  an item, and where it ends */

const WORD = /[\p{L}\p{N}]/u;

/**
 * Nodes and strings for `text`.
 * @param {string} text @param {Record<string, string>} tags an element's name for each mark
 * @param {Next} next
 * @returns {(Node | string)[]}
 */
export function markedNodes(text, tags, next) {
  const items = read(text, next);
  pairUp(items);
  return build(items, tags);
}

/** Whether a letter or digit stands there. @param {string} text @param {number} at */
export function isWord(text, at) {
  return WORD.test(text[at] ?? " ");
}

/**
 * A mark at its place: its neighbours decide whether it can open or close.
 * @param {string} text @param {number} at @param {string} mark @returns {[Item, number]}
 */
export function markAt(text, at, mark) {
  const end = at + mark.length;
  const before = text[at - 1] ?? " ";
  const after = text[end] ?? " ";
  const opens = !/\s/.test(after) && !WORD.test(before) && after !== mark[0];
  const closes = !/\s/.test(before) && !WORD.test(after) && before !== mark[0];
  return [{ text: mark, mark, opens, closes }, end];
}

/** @param {string} text @param {Next} next @returns {Item[]} with neighbouring words joined */
function read(text, next) {
  /** @type {Item[]} */
  const items = [];
  let at = 0;
  while (at < text.length) {
    const [item, end] = next(text, at);
    const before = items.at(-1);
    if (before && isPlain(item) && isPlain(before)) before.text = `${before.text}${item.text}`;
    else items.push(item);
    at = end;
  }
  return items;
}

/** @param {Item} item */
function isPlain(item) {
  return item.text !== undefined && !item.mark && !item.line;
}

/** Gives each mark with a partner on its line `start` or `end`. @param {Item[]} items */
function pairUp(items) {
  /** @type {Item[]} */
  const open = [];
  /** @type {Record<string, number>} */
  const waiting = {};
  const drop = () => {
    const last = /** @type {any} */ (open.pop());
    waiting[last.mark] -= 1;
    return last;
  };
  for (const item of items) {
    if (item.line) while (open.length) drop();
    if (!item.mark) continue;
    if (item.closes && waiting[item.mark]) {
      let partner = drop();
      while (partner.mark !== item.mark) partner = drop();
      partner.start = true;
      item.end = true;
    } else if (item.opens) {
      open.push(item);
      waiting[item.mark] = (waiting[item.mark] ?? 0) + 1;
    }
  }
}

/** @param {Item[]} items @param {Record<string, string>} tags */
function build(items, tags) {
  /** @type {any[]} */
  const stack = [{ nodes: [] }];
  for (const item of items) {
    if (item.start) stack.push({ nodes: [], tag: tags[/** @type {any} */ (item).mark] });
    else if (item.end) {
      const { tag, nodes } = stack.pop();
      stack.at(-1).nodes.push(h(tag, {}, ...nodes));
    } else stack.at(-1).nodes.push(item.node ?? item.text);
  }
  return stack[0].nodes;
}
