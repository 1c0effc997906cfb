// @ts-check
// Files of a message: a mail as a card that unfolds, anything else by name with a download.

import { h, icon } from "./dom.js";

/** @typedef {Record<string, any>} File */

const PREVIEW = 220; // characters
const SCROLLS = { tabindex: "0", role: "group", "aria-label": "The whole mail" };
const UNITS = ["bytes", "KB", "MB", "GB"];

/** @param {File[]} files @returns {HTMLElement[]} */
export function renderFiles(files) {
  return files.map((file) => (file.mode === "email" ? mailCard(file) : fileCard(file)));
}

/** "14.2 KB" @param {number} bytes */
export function sizeInWords(bytes) {
  const step = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1);
  const digits = step === 0 ? 0 : 1;
  return `${(bytes / 1024 ** step).toFixed(digits)} ${UNITS[step]}`;
}

/** @param {File} file */
function mailCard(file) {
  const senders = (file.from ?? []).map((/** @type {File} */ each) => each.original).join(", ");
  const about = [
    ["From", senders || "nobody named"],
    ["Date", file.headers?.date],
  ].filter(([, value]) => value);
  const lines = about.map(([label, value]) => [
    h("dt", { text: label }),
    h("dd", { dir: "auto", text: value }),
  ]);
  return h(
    "div",
    { class: "mail-file", role: "group", "aria-label": `Mail: ${file.subject || "no subject"}` },
    h("p", { class: "mail-file-subject" }, icon("mail"), h("bdi", { text: subject(file) })),
    h("dl", { class: "mail-file-about" }, ...lines),
    whole(file),
    h("p", { class: "mail-file-links" }, opening(file, "Open as it was formatted")),
  );
}

/** @param {File} file */
function subject(file) {
  return file.subject || "(no subject)";
}

/** The mail's beginning, and all of it on demand. @param {File} file */
function whole(file) {
  const text = String(file.plain_text ?? "").trim();
  if (!text) return h("p", { class: "mail-file-none", text: "Slack shows no text of this mail." });
  const line = text.replace(/\s+/g, " ");
  const start = line.length > PREVIEW ? `${line.slice(0, PREVIEW)}…` : line;
  const preview = h("p", { class: "mail-file-preview", dir: "auto", text: start });
  const rest = h(
    "details",
    { class: "mail-file-whole" },
    h("summary", { text: "Show the whole mail" }),
    h("div", { class: "mail-file-text", dir: "auto", text, ...SCROLLS }),
  );
  rest.addEventListener("toggle", () => (preview.hidden = rest.open));
  return [preview, rest];
}

/** @param {File} file */
function fileCard(file) {
  const name = file.name || file.title || "A file";
  const facts = [file.pretty_type, file.size === undefined ? null : sizeInWords(file.size)];
  return h(
    "div",
    { class: "file", role: "group", "aria-label": `File: ${name}` },
    h("span", { class: "file-mark" }, icon("file")),
    h(
      "div",
      { class: "file-about" },
      h("p", { class: "file-name" }, h("bdi", { text: name })),
      h("p", { class: "file-facts", text: facts.filter(Boolean).join(", ") }),
    ),
    h(
      "a",
      { class: "quiet", href: address(file), download: name, "aria-label": `Download ${name}` },
      icon("download"),
    ),
  );
}

/** @param {File} file @param {string} words */
function opening(file, words) {
  const props = { href: address(file), target: "_blank", rel: "noopener" };
  return h("a", props, words, h("span", { class: "unseen", text: " (new tab)" }));
}

/** @param {File} file */
function address(file) {
  return `/slack/file?id=${encodeURIComponent(file.id)}`;
}
