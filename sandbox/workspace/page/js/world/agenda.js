// @ts-check
// The calendar's entries as an agenda, the newest charter first.
import { h } from "../dom.js";
import { count, day, empty, facts, pill } from "./bits.js";
import { KeyedList } from "./keyed.js";

/** The Calendar tab. */
export function agendaTab() {
  const nothing = empty(
    "The calendar is empty",
    "Approve a booking in the channel: its entry appears here, once.",
  );
  const list = h("ul", { class: "rows agenda" });
  const rows = new KeyedList(list, { key: (entry) => entry.id, make: entryRow });
  return {
    id: "calendar",
    label: "Calendar",
    sign: "calendar",
    path: "/calendar/entries",
    node: h("div", {}, nothing, list),
    count: (/** @type {any[]} */ entries) => String(entries.length || ""),
    show(/** @type {any[]} */ entries) {
      nothing.hidden = entries.length > 0;
      rows.show([...entries].sort(newestFirst));
    },
  };
}

/** @param {any} one @param {any} two */
function newestFirst(one, two) {
  return begins(two).localeCompare(begins(one));
}

/** @param {any} entry */
function begins(entry) {
  return `${entry.charter_date} ${entry.charter_start}`;
}

function entryRow() {
  const node = h("li", { class: "row" });
  return {
    node,
    update(/** @type {any} */ entry) {
      node.replaceChildren(
        h(
          "div",
          { class: "row-head" },
          h("span", { class: "date", text: day(entry.charter_date) }),
          pill(entry.source),
        ),
        h(
          "p",
          { class: "hours" },
          `${entry.charter_start} – ${entry.charter_end}, ${count(entry.guest_count, "guest")}`,
        ),
        facts([
          ["Notes", entry.notes],
          ["Booking", String(entry.booking_id).toUpperCase()],
          ["Entry", h("code", { text: entry.id })],
        ]),
      );
    },
  };
}
