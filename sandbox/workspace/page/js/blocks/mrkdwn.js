// @ts-check
// Slack's mrkdwn, read once from left to right into nodes; time grows with the length alone.
// Marks that pair up (*bold* _italic_ ~strike~) are matched on a stack; all else stays text.

import { h } from "../dom.js";
import { emojiFor, emojiNode } from "./emoji.js";
import * as inline from "./inline.js";
import { isWord, markAt, markedNodes } from "./marks.js";

const TAGS = { "*": "strong", _: "em", "~": "s" };
const ANGLE = /<([^<>\n]+)>/y;
const EMOJI = /:([a-z0-9_+'-]{1,60}):/y;
const BARE_URL = /https?:\/\/[^\s<>|*~`]+/y;
const PLAIN = /[^<`*_~:h\n]+/y;
const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

/** The three characters that Slack escapes, as they were meant. */
function unescape(text) {
  return text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]);
}

/** mrkdwn as nodes. `verbatim`: bare addresses do not become links. */
export function mrkdwnNodes(source, context, verbatim = false) {
  const fragment = document.createDocumentFragment();
  const parts = source.split("```");
  const last = parts.length - 1;
  for (let at = 0; at <= last; at += 1) {
    const fenced = at % 2 === 1 && at < last;
    const open = at % 2 === 1 && at === last;
    if (fenced) fragment.append(h("pre", { class: "bk-pre", text: plainTokens(parts[at].trim()) }));
    else if (open) fragment.append(...quotesApart(`\`\`\`${parts[at]}`, context, verbatim));
    else
      fragment.append(
        ...quotesApart(withoutBreaks(parts[at], at > 0, at < last), context, verbatim),
      );
  }
  return fragment;
}

/** A fence stands on lines of its own: the breaks beside it are not shown twice. */
function withoutBreaks(text, afterFence, beforeFence) {
  const start = afterFence && text.startsWith("\n") ? 1 : 0;
  const end = beforeFence && text.length > start && text.endsWith("\n") ? -1 : undefined;
  return text.slice(start, end);
}

/** Runs of lines, quoted ones (`&gt; `) apart; `&gt;&gt;&gt;` quotes all that follows. */
function quotesApart(text, context, verbatim) {
  const runs = [];
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at += 1) {
    const all = /^(?:&gt;|>){3}\s?/.exec(lines[at]);
    const one = all ?? /^(?:&gt;|>)(?!(?:&gt;|>))\s?/.exec(lines[at]);
    const rows = [one ? lines[at].slice(one[0].length) : lines[at]];
    if (all) rows.push(...lines.splice(at + 1));
    const before = runs.at(-1);
    if (before && before.quoted === Boolean(one)) before.rows.push(...rows);
    else runs.push({ quoted: Boolean(one), rows });
  }
  return runs.map(({ quoted, rows }) => {
    const nodes = inlineNodes(rows.join("\n"), context, verbatim);
    return quoted
      ? h("blockquote", { class: "bk-quote" }, ...nodes)
      : h("span", { class: "bk-words" }, ...nodes);
  });
}

/** Code shows what stands in it; a link in it by its words. */
function plainTokens(text) {
  return unescape(text.replace(/<([^<>\n|]+)(?:\|([^<>\n]*))?>/g, (_, all, label) => label || all));
}

function inlineNodes(text, context, verbatim) {
  return markedNodes(text, TAGS, (source, at) => next(source, at, context, verbatim));
}

/** @returns {[import("./marks.js").Item, number]} */
function next(text, at, context, verbatim) {
  const character = text[at];
  if (character in TAGS) return markAt(text, at, character);
  if (character === "\n") return [{ text: "\n", line: true }, at + 1];
  const special = specialAt(text, at, context, verbatim);
  if (special) return special;
  PLAIN.lastIndex = at + 1;
  const rest = PLAIN.exec(text)?.[0] ?? "";
  return [{ text: unescape(character + rest) }, at + 1 + rest.length];
}

/** @returns {[import("./marks.js").Item, number] | null} */
function specialAt(text, at, context, verbatim) {
  const character = text[at];
  if (character === "<") return matched(ANGLE, text, at, (_, body) => angleNode(body, context));
  if (character === "`") return codeAt(text, at);
  if (character === ":") {
    return matched(EMOJI, text, at, (_, name) => (emojiFor(name) ? emojiNode(name) : null));
  }
  if (character === "h" && !verbatim && !isWord(text, at - 1)) return bareLinkAt(text, at);
  return null;
}

/** @returns {[import("./marks.js").Item, number] | null} */
function matched(pattern, text, at, make) {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  const node = found && make(...found);
  return node ? [{ node }, at + found[0].length] : null;
}

/** @returns {[import("./marks.js").Item, number] | null} */
function codeAt(text, at) {
  const end = text.indexOf("`", at + 1);
  if (end <= at + 1) return null;
  const inside = text.slice(at + 1, end);
  if (inside.includes("\n") || !inside.trim()) return null;
  return [{ node: h("code", { class: "bk-code", text: plainTokens(inside) }) }, end + 1];
}

/** @returns {[import("./marks.js").Item, number] | null} */
function bareLinkAt(text, at) {
  BARE_URL.lastIndex = at;
  const url = withoutPunctuation(BARE_URL.exec(text)?.[0] ?? "");
  const shown = unescape(url);
  if (!inline.safeUrl(shown)) return null;
  return [{ node: inline.linkNode(shown, shown) }, at + url.length];
}

function withoutPunctuation(url) {
  let end = url.length;
  while (end > 0 && ".,;:!?'\")]".includes(url[end - 1])) end -= 1;
  return url.slice(0, end);
}

/** What stands between < and >; null where it means nothing, and then it is shown as text. */
function angleNode(body, context) {
  const [target, ...labels] = body.split("|");
  const label = labels.length ? unescape(labels.join("|")) : null;
  const kind = target[0];
  if (kind === "@") return inline.userNode(target.slice(1), context.state, label);
  if (kind === "#") return inline.channelNode(target.slice(1), context.state, label);
  if (kind === "!") return commandNode(target.slice(1), label, context);
  if (/^(?:https?:\/\/|mailto:)/i.test(target)) {
    const url = unescape(target);
    return inline.linkNode(url, label || url.replace(/^mailto:/i, ""));
  }
  return null;
}

function commandNode(command, label, context) {
  const [name, ...rest] = command.split("^");
  if (["here", "channel", "everyone"].includes(name)) return inline.broadcastNode(name);
  if (name === "subteam") return inline.groupNode(rest[0] ?? "", context.state, label);
  if (name === "date") return inline.dateNode(Number(rest[0]), rest[1], rest[2], label);
  return null;
}
