// @ts-check
// A crew event in readable words: the crew's answers, the ticks, the guest's confirmation.
import { h } from "../dom.js";
import { count, facts, pill, span, when } from "./bits.js";
import { parsedNotes } from "./json_lines.js";

/** @type {Record<string, string>} */
const TONES = { accepted: "good", declined: "bad" };

/** @param {any} item as it is stored @returns {Node[]} */
export function summary(item) {
  const crew = list(item.crew);
  const photos = Object.keys(item.photos ?? {}).length;
  return [
    h("p", { class: "hours", text: span(item.start_time, item.end_time) }),
    h("ul", { class: "people", "aria-label": "Crew" }, crew.map((one) => member(item, one))),
    h("ul", { class: "tasks", "aria-label": "Tasks" }, tasks(item)),
    facts([
      ["Guests", count(item.guest_count, "guest")],
      ["Guest says", guestWords(item.guest_confirmation)],
      ["Crew photos", photos ? String(photos) : ""],
      ["Notes", notesWords(parsedNotes(item.notes))],
      ["Event", h("code", { text: item.event_id })],
    ]),
  ];
}

/** @param {any} value @returns {any[]} */
function list(value) {
  return Array.isArray(value) ? value : [];
}

/** @param {any} item @param {any} one */
function member(item, one) {
  const answer = item.answers?.[one.id] ?? { state: "called" };
  return h(
    "li",
    {},
    h("span", { text: one.name ?? one.id }),
    h("span", { class: "soft", text: one.role }),
    pill(answer.state, TONES[answer.state]),
    answer.at && h("span", { class: "soft", text: when(answer.at) }),
  );
}

/** The tasks with their ticks, which the item keeps beside them. @param {any} item */
function tasks(item) {
  const ticks = Object.values(item.checklist ?? {});
  return list(item.crew_tasks).map((task) => {
    const words = String(task);
    const at = ticks.findIndex((each) => each.task === words.slice(0, 200));
    const [tick] = at < 0 ? [] : ticks.splice(at, 1); // two tasks may have the same words
    return taskLine(words, tick?.done ? tick : null);
  });
}

/** @param {string} words @param {any} tick null if it is not done */
function taskLine(words, tick) {
  return h(
    "li",
    { class: tick ? "done" : "" },
    h("span", { class: "tick", "aria-hidden": "true", text: tick ? "✓" : "" }),
    h("span", { text: words }),
    h("span", { class: "unseen", text: tick ? ", done" : ", not done" }),
    tick && h("span", { class: "soft", text: `${tick.by}, ${when(tick.at)}` }),
  );
}

/** @param {any} notes */
function notesWords(notes) {
  if (typeof notes !== "object" || notes === null) return notes;
  const told = Object.entries(notes).map(([name, value]) =>
    h("div", { text: `${name}: ${typeof value === "object" ? JSON.stringify(value) : value}` }),
  );
  return told.length ? told : "";
}

/** @param {any} said */
function guestWords(said) {
  if (!said) return "nothing yet";
  const guests = `${count(said.guest_count, "guest")}, confirmed`;
  return said.note ? `${guests}: “${said.note}”` : guests;
}
