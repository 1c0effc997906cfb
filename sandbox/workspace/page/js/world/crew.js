// @ts-check
// The crew's events: readable, and raw as stored, so that a scrub can be watched.
import { announce } from "../announcer.js";
import { api } from "../api.js";
import { h, replace } from "../dom.js";
import { toastError } from "../toast.js";
import { empty, pill } from "./bits.js";
import { summary } from "./crew_summary.js";
import { KeyedList, setText } from "./keyed.js";
import { itemLines, notesChange, notesWords } from "./stored_item.js";
import { Watch } from "./watch.js";

const WHY =
  "As somebody with a console would. Then press Scrub revenue in the thread, and watch it go.";

/** The Crew tab. */
export function crewTab() {
  const nothing = empty(
    "No crew is called",
    "An approved booking makes one event here, and the crew service mails every member a link.",
  );
  const list = h("div", { class: "events" });
  const look = { now: false };
  const rows = new KeyedList(list, {
    key: (item) => item.event_id,
    make: (item) => eventCard(item, look, !list.firstChild),
  });
  return {
    id: "crew",
    label: "Crew",
    sign: "people",
    path: "/crew/events",
    node: h("div", {}, nothing, list),
    count: (/** @type {any[]} */ items) => String(items.length || ""),
    show(/** @type {any[]} */ items) {
      nothing.hidden = items.length > 0;
      rows.show([...items].sort(latestFirst));
    },
    looked(/** @type {boolean} */ now) {
      look.now = now;
      if (now) for (const row of rows.rows.values()) row.look();
    },
  };
}

/** @param {any} one @param {any} two */
function latestFirst(one, two) {
  return String(two.created_at ?? "").localeCompare(String(one.created_at ?? ""));
}

/**
 * @param {any} item @param {{now: boolean}} look whether the tab is in sight
 * @param {boolean} open whether the raw item is shown at first
 */
function eventCard(item, look, open) {
  const title = h("h3", { dir: "auto" });
  const booking = pill(String(item.booking_id).toUpperCase());
  const readable = h("div", { class: "readable" });
  const change = h("div", { class: "change" });
  const raw = h("div");
  const watch = new Watch(() => draw());

  const draw = () => {
    setText(title, watch.now.event_name);
    replace(readable, summary(watch.now));
    replace(change, notesChange(watch.before, watch.now));
    replace(raw, itemLines(watch.before, watch.now));
  };
  const node = h(
    "article",
    { class: "row event" },
    h("div", { class: "row-head" }, title, booking),
    readable,
    change,
    byHand(item.event_id),
    h("details", { open }, h("summary", { text: "The item as stored, in table scc-events" }), raw),
  );
  return {
    node,
    look: () => watch.look(), // its tab came into sight
    update(/** @type {any} */ now) {
      watch.take(now, look.now);
      draw();
      if (change.firstChild && look.now) announce(notesWords(watch.before, watch.now));
    },
  };
}

/** @param {string} id an event's */
function byHand(id) {
  const write = async () => {
    try {
      await api.post("/workspace/revenue", { event_id: id });
    } catch (error) {
      toastError(error);
    }
  };
  return h(
    "div",
    { class: "by-hand" },
    h("button", {
      type: "button",
      class: "button",
      text: "Write revenue into the notes by hand",
      "aria-describedby": `why-${id}`,
      on: { click: write },
    }),
    h("p", { class: "soft", id: `why-${id}`, text: WHY }),
  );
}
