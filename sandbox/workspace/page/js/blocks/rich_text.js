// @ts-check
// rich_text: sections, lists, quotes and preformatted text, made of styled pieces.
// Slack sends a nested list as several lists with an indent; they are shown so, one below another.

import { h } from "../dom.js";
import { emojiNode } from "./emoji.js";
import * as inline from "./inline.js";
import { unknown } from "./unknown.js";

const DEEPEST = 8;
const NUMBERING = ["1", "a", "i"];
const STYLES = { code: "code", strike: "s", underline: "u", italic: "em", bold: "strong" };

const CONTAINERS = {
  rich_text_section: (part, context) =>
    h("p", { class: "bk-line", dir: "auto" }, ...pieces(part, context)),
  rich_text_quote: (part, context) =>
    h("blockquote", { class: "bk-quote", dir: "auto" }, ...pieces(part, context)),
  rich_text_preformatted: (part, context) =>
    h("pre", { class: "bk-pre" }, ...pieces(part, context)),
  rich_text_list: list,
};

const PIECES = {
  text: (piece) => piece.text,
  link: (piece) => inline.linkNode(piece.url, piece.text || piece.url),
  user: (piece, { state }) => inline.userNode(piece.user_id, state),
  usergroup: (piece, { state }) => inline.groupNode(piece.usergroup_id, state),
  channel: (piece, { state }) => inline.channelNode(piece.channel_id, state),
  emoji: (piece) => emojiNode(piece.name, piece.unicode),
  broadcast: (piece) => inline.broadcastNode(piece.range),
  color: (piece) => inline.colorNode(piece.value),
  date: (piece) => inline.dateNode(piece.timestamp, piece.format, piece.url, piece.fallback),
};

/** A rich_text block. */
export function richText(block, context) {
  const parts = block.elements.map((part) => {
    const make = CONTAINERS[part.type];
    return make ? make(part, context) : unknown("element", part.type);
  });
  return h("div", { class: "bk-rich" }, ...parts);
}

function pieces(part, context) {
  return part.elements.map((piece) => {
    const make = PIECES[piece.type];
    return make ? styled(make(piece, context), piece.style) : unknown("element", piece.type);
  });
}

function styled(node, style) {
  if (!style) return node;
  return Object.entries(STYLES).reduce((inner, [name, tag]) => {
    if (!style[name]) return inner;
    return h(tag, tag === "code" ? { class: "bk-code" } : {}, inner);
  }, node);
}

function list(part, context) {
  const indent = Math.min(Math.max(part.indent ?? 0, 0), DEEPEST);
  const items = part.elements.map((item) => h("li", { dir: "auto" }, ...pieces(item, context)));
  const kind = `bk-list bk-indent-${indent}${part.border ? " has-border" : ""}`;
  if (part.style !== "ordered") return h("ul", { class: kind }, ...items);
  const props = { class: kind, type: NUMBERING[indent % 3], start: String((part.offset ?? 0) + 1) };
  return h("ol", props, ...items);
}
