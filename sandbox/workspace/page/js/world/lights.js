// @ts-check
// Five little lights over the panel: how the last call to each system went. They say what
// the log of calls says, nothing more.
import { h } from "../dom.js";
import { when } from "./bits.js";
import { outcome } from "./outcome.js";

const JUST = 6; // seconds for which a light is bright
const SYSTEMS = [
  { name: "Calendar", is: (/** @type {any} */ call) => call.target === "calendar" },
  { name: "Crew", is: (/** @type {any} */ call) => call.target === "crew_service" },
  { name: "Guest page", is: (/** @type {any} */ call) => call.target === "s3" },
  { name: "CDN", is: (/** @type {any} */ call) => ["cloudfront", "edge"].includes(call.target) },
  { name: "Mail", is: (/** @type {any} */ call) => call.target === "ses" },
];
const WORDS = { ok: "worked", absent: "answered", slow: "worked, slowly", failed: "failed" };
const SIGNS = { ok: "✓", absent: "✓", slow: "✓", failed: "✕" };

/** The strip, and how to tell it of the log. */
export function lights() {
  const parts = SYSTEMS.map(({ name, is }) => ({ name, is, ...light(name) }));
  let timer = 0;
  /** @param {any[]} calls oldest first */
  const show = (calls) => {
    clearTimeout(timer);
    const ages = parts.map((part) => paint(part, calls.findLast(part.is)));
    const next = Math.min(...ages.filter((age) => age < JUST));
    if (Number.isFinite(next)) timer = setTimeout(() => show(calls), (JUST - next) * 1000 + 50);
  };
  const strip = h(
    "ul",
    { class: "lights", "aria-label": "How the last call to each system went" },
    parts.map((part) => part.node),
  );
  return { node: strip, show };
}

/** @param {string} name */
function light(name) {
  const bulb = h("span", { class: "bulb", "aria-hidden": "true" });
  const state = h("span", { class: "unseen", text: ": not called yet" });
  return { node: h("li", { data: { state: "idle" } }, bulb, name, state), bulb, state };
}

/** Shows how the last call went; its age in seconds. @param {any} part @param {any} call */
function paint({ node, bulb, state, name }, call) {
  if (!call) {
    node.dataset.state = "idle";
    node.title = `${name}: not called yet`;
    bulb.textContent = "";
    state.textContent = ": not called yet";
    return Infinity;
  }
  const how = outcome(call);
  const age = Date.now() / 1000 - call.started - call.latency;
  const words = `${WORDS[how]} at ${when(call.started)}`;
  node.dataset.state = how === "absent" ? "ok" : how;
  node.classList.toggle("just", age < JUST);
  node.title = `${name}: ${words}`;
  bulb.textContent = SIGNS[how];
  state.textContent = `: ${words}`;
  return age;
}
