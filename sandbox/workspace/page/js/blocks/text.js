// @ts-check
// Slack's text objects as nodes, and a message in one plain sentence for ears and notifications.
// plain_text is shown as it is; mrkdwn is read by mrkdwn.js.

import { h } from "../dom.js";
import { store } from "../store.js";
import { withEmoji } from "./emoji.js";
import { mrkdwnNodes } from "./mrkdwn.js";

const LONGEST_SUMMARY = 400;

/** A text object, `{type: "plain_text" | "mrkdwn", text}`, as a span that keeps its line breaks. */
export function renderText(textObject, context) {
  if (textObject?.type === "mrkdwn") {
    const nodes = mrkdwnNodes(textObject.text, context, Boolean(textObject.verbatim));
    return h("span", { class: "bk-text", dir: "auto" }, nodes);
  }
  return h("span", { class: "bk-text", dir: "auto", text: plainText(textObject) });
}

/** A mrkdwn string, such as a message's `text`, as nodes. */
export function renderMrkdwn(text, context) {
  return mrkdwnNodes(String(text ?? ""), context);
}

/** What a plain_text object says. Its emoji names are pictures only where it asks for that. */
export function plainText(textObject) {
  const text = String(textObject?.text ?? "");
  return textObject?.emoji === true ? withEmoji(text) : text;
}

/** A message's words without any marks, for notifications and screen readers. */
export function summary(message) {
  const said = message.text ? wordsOf(message.text) : blockWords(message.blocks ?? []);
  const files = (message.files ?? []).map(fileWords);
  const whole = [said, ...files].filter(Boolean).join(". ").replace(/\s+/g, " ").trim();
  return whole.length > LONGEST_SUMMARY ? `${whole.slice(0, LONGEST_SUMMARY - 1)}…` : whole;
}

function wordsOf(mrkdwn) {
  const holder = h("div", {}, mrkdwnNodes(mrkdwn, { state: store.state }));
  return holder.textContent ?? "";
}

function fileWords(file) {
  return file.mode === "email"
    ? `Mail: ${file.subject ?? "no subject"}`
    : `File: ${file.name ?? ""}`;
}

/** The texts of blocks in their order; buttons are left out. */
function blockWords(value) {
  if (Array.isArray(value)) return value.map(blockWords).filter(Boolean).join(" ");
  if (value === null || typeof value !== "object" || value.type === "button") return "";
  const own = ["title", "text"].map((key) => value[key]).filter((each) => typeof each === "string");
  const inner = Object.values(value).filter((each) => each !== null && typeof each === "object");
  return [...own, ...inner.map(blockWords)].filter(Boolean).join(" ");
}
