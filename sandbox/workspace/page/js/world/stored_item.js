// @ts-check
// A stored item as it is in the table, with what changed marked; and its notes, before and after.
import { h } from "../dom.js";
import { jsonLines, parsedNotes } from "./json_lines.js";
import { wordChanges } from "./word_changes.js";

const SIGNS = { "": " ", added: "+", removed: "−" };
const SPOKEN = { added: "added: ", removed: "removed: " };

/** The whole item. @param {any} before undefined for no marks @param {any} after */
export function itemLines(before, after) {
  return listing(jsonLines(before && withNotes(before), withNotes(after)));
}

/**
 * What the notes were and are; null if they did not change.
 * @param {any} before @param {any} after
 */
export function notesChange(before, after) {
  if (!before || JSON.stringify(before.notes) === JSON.stringify(after.notes)) return null;
  const [old, now] = [parsedNotes(before.notes ?? ""), parsedNotes(after.notes ?? "")];
  const isProse = typeof old === "string" && typeof now === "string";
  const [was, is] = isProse ? proses(old, now) : listings(old, now);
  return h(
    "section",
    { class: "notes-change", "aria-label": "Notes, before and after" },
    h("div", {}, h("h4", { text: "Notes before" }), was),
    h("div", {}, h("h4", { text: "Notes now" }), is),
  );
}

/** @param {any} old @param {any} now */
function listings(old, now) {
  const lines = jsonLines(old, now);
  return [listing(without("added", lines)), listing(without("removed", lines))];
}

/** @param {string} old @param {string} now */
function proses(old, now) {
  const runs = wordChanges(old, now);
  return [prose(runs, "removed", "del"), prose(runs, "added", "ins")];
}

/**
 * The text as it was or is: what both have, and what has the mark.
 * @param {import("./word_changes.js").Run[]} runs @param {string} mark @param {string} tag
 */
function prose(runs, mark, tag) {
  const kept = runs.filter((run) => !run.mark || run.mark === mark);
  const parts = kept.map((run) => (run.mark ? h(tag, { text: run.text }) : run.text));
  return h("pre", { class: "json prose", dir: "auto" }, parts.length ? parts : "(empty)");
}

/** Which of the notes' fields went and came, in words. @param {any} before @param {any} after */
export function notesWords(before, after) {
  const [old, now] = [fields(before.notes), fields(after.notes)];
  const gone = old.filter((name) => !now.includes(name));
  const come = now.filter((name) => !old.includes(name));
  const said = [
    gone.length && `removed ${gone.join(", ")}`,
    come.length && `added ${come.join(", ")}`,
  ].filter(Boolean);
  return `The crew event's notes changed${said.length ? `: ${said.join("; ")}` : ""}.`;
}

/** @param {any} notes */
function fields(notes) {
  const found = parsedNotes(notes ?? "");
  return typeof found === "object" ? Object.keys(found) : [];
}

/**
 * The lines without those of one mark, and without the commas that then have nothing after them.
 * @param {string} mark @param {import("./json_lines.js").Line[]} lines
 */
function without(mark, lines) {
  const left = lines.filter((line) => line.mark !== mark);
  return left.map((line, n) => {
    const isLast = /^[}\]]/.test(left[n + 1]?.text ?? "");
    return isLast ? { ...line, text: line.text.replace(/,$/, "") } : line;
  });
}

/** Notes that hold JSON are shown as what they hold. @param {any} item */
function withNotes(item) {
  const notes = parsedNotes(item.notes);
  if (notes === item.notes) return item;
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) =>
      name === "notes" ? ["notes (text that holds JSON)", notes] : [name, value],
    ),
  );
}

/** @param {import("./json_lines.js").Line[]} lines */
function listing(lines) {
  return h("pre", { class: "json" }, lines.map(lineNode));
}

/** @param {import("./json_lines.js").Line} line */
function lineNode({ depth, text, mark }) {
  const words = h("span", { class: "json-text" }, `${text}\n`);
  words.style.paddingInlineStart = `${depth * 2 + 2}ch`; // what wraps hangs under its own line
  return h(
    "span",
    { class: `json-line ${mark}`.trim() },
    h("span", { class: "sign", "aria-hidden": "true", text: SIGNS[mark] }),
    mark && h("span", { class: "unseen", text: SPOKEN[mark] }),
    words,
  );
}
