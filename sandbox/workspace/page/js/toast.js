// @ts-check
// Short words at the edge of the page: that something failed, or was done.

import { wordsOf } from "./api.js";
import { h, icon } from "./dom.js";

const STAY = { info: 5000, error: 12000 }; // milliseconds

/**
 * Shows `words` for a while; a screen reader hears them at once.
 * @param {string} words
 * @param {{kind?: "error" | "info"}} [how]
 */
export function toast(words, { kind = "info" } = {}) {
  const close = h(
    "button",
    { type: "button", class: "quiet", "aria-label": "Dismiss", on: { click: () => box.remove() } },
    icon("close"),
  );
  const role = kind === "error" ? "alert" : "status";
  const box = h("div", { class: `toast toast-${kind}` }, h("p", { role, dir: "auto" }), close);
  document.getElementById("toasts")?.append(box);
  // A live region speaks when its words change, so they come after it is in the page.
  requestAnimationFrame(() => (box.firstElementChild.textContent = words));
  leave(box, STAY[kind]);
}

/** Shows what went wrong. @param {unknown} error */
export function toastError(error) {
  toast(wordsOf(error), { kind: "error" });
}

/** Takes the box away after `stay` milliseconds, but not while somebody is at it. */
function leave(/** @type {HTMLElement} */ box, /** @type {number} */ stay) {
  setTimeout(() => {
    if (box.matches(":hover, :focus-within")) leave(box, stay);
    else box.remove();
  }, stay);
}
