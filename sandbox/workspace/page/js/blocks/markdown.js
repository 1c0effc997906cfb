// @ts-check
// The markdown block: a small, careful part of it (headings, lists, quotes, code, bold, italics,
// struck out, links); whatever else is shown as it was written.

import { h } from "../dom.js";
import { emojiFor, emojiNode } from "./emoji.js";
import { linkNode, safeUrl } from "./inline.js";
import { markAt, markedNodes } from "./marks.js";

const ITEM = /^(\s{0,8})([-*+]|\d{1,9}[.)])\s+(.*)$/;
const RULE = /^\s{0,3}(?:-{3,}|\*{3,}|_{3,})\s*$/;
const STARTS = [/^\s{0,3}(?:#{1,6}\s|>|```|~~~)/, RULE, ITEM];
const TAGS = { "**": "strong", __: "strong", "~~": "s", "*": "em", _: "em" };
const PLAIN = /[^`[!<*_~:\n]+/y;
const PIECES = {
  "`": [/`([^`\n]+)`/y, (found) => h("code", { class: "bk-code", text: found[1] })],
  "[": [/\[([^[\]\n]*)\]\(([^()\s]+)\)/y, link],
  "!": [/!\[([^[\]\n]*)\]\(([^()\s]+)\)/y, link],
  "<": [/<(https?:\/\/[^<>\s]+)>/y, (found) => linkNode(found[1], found[1])],
  ":": [/:([a-z0-9_+'-]{1,60}):/y, (found) => (emojiFor(found[1]) ? emojiNode(found[1]) : null)],
};

/** A markdown block. */
export function markdown(block) {
  const lines = block.text.replace(/\r\n?/g, "\n").split("\n");
  const nodes = [];
  let at = 0;
  while (at < lines.length) {
    const [node, next] = blockAt(lines, at);
    if (node) nodes.push(node);
    at = next;
  }
  return h("div", { class: "bk-markdown" }, ...nodes);
}

function blockAt(lines, at) {
  const line = lines[at];
  if (!line.trim()) return [null, at + 1];
  const fence = /^\s{0,3}(```|~~~)/.exec(line);
  if (fence) return codeAt(lines, at, fence[1]);
  const heading = /^\s{0,3}(#{1,6})\s+(.*)$/.exec(line);
  if (heading) {
    const look = `bk-heading is-${heading[1].length}`;
    return [h("p", { class: look, dir: "auto" }, ...inlineNodes(heading[2])), at + 1];
  }
  if (RULE.test(line)) return [h("hr", { class: "bk-divider" }), at + 1];
  if (ITEM.test(line)) return listAt(lines, at);
  if (/^\s{0,3}>/.test(line)) return quoteAt(lines, at);
  return paragraphAt(lines, at);
}

function codeAt(lines, at, mark) {
  let end = at + 1;
  while (end < lines.length && !lines[end].trim().startsWith(mark)) end += 1;
  return [h("pre", { class: "bk-pre", text: lines.slice(at + 1, end).join("\n") }), end + 1];
}

function quoteAt(lines, at) {
  let end = at;
  const rows = [];
  while (end < lines.length && /^\s{0,3}>/.test(lines[end])) {
    rows.push(lines[end].replace(/^\s{0,3}>\s?/, ""));
    end += 1;
  }
  return [
    h("blockquote", { class: "bk-quote", dir: "auto" }, ...inlineNodes(rows.join("\n"))),
    end,
  ];
}

/** A list as rows with an indent each, as rich text has them. */
function listAt(lines, at) {
  const [, , first] = ITEM.exec(lines[at]) ?? [];
  const ordered = /\d/.test(first);
  const items = [];
  let end = at;
  for (; end < lines.length; end += 1) {
    const found = ITEM.exec(lines[end]);
    if (!found || /\d/.test(found[2]) !== ordered) break;
    const depth = Math.min(Math.floor(found[1].length / 2), 4);
    items.push(h("li", { class: `bk-indent-${depth}`, dir: "auto" }, ...inlineNodes(found[3])));
  }
  const props = { class: "bk-list", start: ordered ? String(Number.parseInt(first, 10)) : null };
  return [h(ordered ? "ol" : "ul", props, ...items), end];
}

/** Whether a line begins something of its own, and so ends a paragraph. */
function begins(line) {
  return STARTS.some((pattern) => pattern.test(line));
}

function paragraphAt(lines, at) {
  let end = at + 1;
  while (end < lines.length && lines[end].trim() && !begins(lines[end])) end += 1;
  const text = lines.slice(at, end).join("\n");
  return [h("p", { class: "bk-line", dir: "auto" }, ...inlineNodes(text)), end];
}

function inlineNodes(text) {
  return markedNodes(text, TAGS, next);
}

/** @type {import("./marks.js").Next} */
function next(text, at) {
  const character = text[at];
  const doubled = character + character;
  if (text.startsWith(doubled, at) && doubled in TAGS) return markAt(text, at, doubled);
  if (character in TAGS) return markAt(text, at, character);
  if (character === "\n") return [{ text: "\n", line: true }, at + 1];
  const node = pieceAt(text, at, PIECES[character]);
  if (node) return node;
  PLAIN.lastIndex = at + 1;
  const rest = PLAIN.exec(text)?.[0] ?? "";
  return [{ text: character + rest }, at + 1 + rest.length];
}

/** @returns {[import("./marks.js").Item, number] | null} */
function pieceAt(text, at, piece) {
  if (!piece) return null;
  const [pattern, make] = piece;
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  const node = found && make(found);
  return node ? [{ node }, at + found[0].length] : null;
}

function link([, words, url]) {
  return safeUrl(url) ? linkNode(url, words || url) : null;
}
