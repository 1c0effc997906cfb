// @ts-check
// The log of outside calls, the newest first; what failed stands out and says why.
import { h, replace } from "../dom.js";
import { empty, pill, when } from "./bits.js";
import { KeyedList, setText } from "./keyed.js";
import { faultWords, nameOf, outcome } from "./outcome.js";

const MOST = 200; // rows
const TONES = { ok: "good", absent: "", slow: "warn", failed: "bad" };

/** The Calls tab. */
export function callsTab() {
  const nothing = empty(
    "No outside calls yet",
    "What the bot asks of the other systems is listed here.",
  );
  const body = h("tbody");
  const rows = new KeyedList(body, { key: (call) => call.id, make: callRow });
  const caption = h("caption", { class: "unseen", text: "Outside calls, the newest first" });
  const table = h("table", { class: "calls" }, caption, head(), body);
  const anySystem = h("option", { value: "", text: "All systems" });
  const filter = h("select", { id: "calls-target" }, anySystem);
  const onlyFailed = h("input", { type: "checkbox", id: "calls-failed" });
  const note = h("p", { class: "soft", role: "status" });
  /** @type {any[]} */
  let calls = [];

  const draw = () => {
    const wanted = calls.filter(
      (call) =>
        (!filter.value || call.target === filter.value) &&
        (!onlyFailed.checked || outcome(call) === "failed"),
    );
    rows.show(wanted.slice(0, MOST));
    table.hidden = wanted.length === 0;
    nothing.hidden = calls.length > 0;
    setText(note, calls.length && !wanted.length ? "No such call among the latest." : "");
  };
  filter.addEventListener("change", draw);
  onlyFailed.addEventListener("change", draw);

  return {
    id: "calls",
    label: "Calls",
    sign: "arrows",
    path: `/workspace/calls?last=${MOST}`,
    node: h("div", {}, tools(filter, onlyFailed), note, nothing, table),
    count: (/** @type {any[]} */ all) =>
      all.length < MOST ? String(all.length || "") : `${MOST}+`,
    show(/** @type {any[]} */ all) {
      // The log is in the order of the answers.
      calls = named(all).sort((one, two) => two.started - one.started);
      offer(filter, calls);
      draw();
    },
  };
}

/** @param {Element} filter @param {Element} onlyFailed */
function tools(filter, onlyFailed) {
  return h(
    "div",
    { class: "tools" },
    h("label", { class: "unseen", for: "calls-target", text: "System" }),
    filter,
    h("label", { class: "check", for: "calls-failed" }, onlyFailed, "Only failures"),
  );
}

function head() {
  const names = ["Time", "Call", "Answer", "ms"];
  return h("thead", {}, h("tr", {}, names.map((text) => h("th", { scope: "col", text }))));
}

/** Gives each call an id that it keeps when older ones fall out. @param {any[]} calls */
function named(calls) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  return calls.map((call) => {
    const like = `${call.started} ${call.target} ${call.operation} ${call.path}`;
    seen.set(like, (seen.get(like) ?? 0) + 1);
    return { ...call, id: `${like} ${seen.get(like)}` };
  });
}

/**
 * Offers the systems that were called; the choice stays.
 * @param {any} filter @param {any[]} calls
 */
function offer(filter, calls) {
  const there = new Set([...filter.options].map((option) => option.value));
  for (const target of [...new Set(calls.map((call) => call.target))].sort()) {
    if (!there.has(target)) filter.append(h("option", { value: target, text: nameOf(target) }));
  }
}

/** What was asked for; of a long one only the beginning is in sight. @param {string} text */
function asked(text) {
  return h("code", { class: "path", text, title: text });
}

/** @param {any} call */
function callRow(call) {
  const how = outcome(call);
  const what = h(
    "th",
    { scope: "row" },
    h("span", { class: "target", text: nameOf(call.target) }),
    " ",
    h("span", { class: "operation", text: call.operation }),
    call.path !== "/" && asked(`${call.method} ${call.path}`),
    call.fault && h("p", { class: "fault", text: `Met a fault: ${faultWords(call.fault)}.` }),
  );
  const answer = h("td");
  replace(answer, pill(call.status === null ? "no answer" : String(call.status), TONES[how]));
  if (how === "absent") answer.append(h("p", { class: "soft", text: "not there" }));
  const node = h(
    "tr",
    { class: how },
    h("td", { class: "time", text: when(call.started) }),
    what,
    answer,
    h("td", { class: "ms", text: Math.round(call.latency * 1000).toLocaleString("en-GB") }),
  );
  return { node };
}
