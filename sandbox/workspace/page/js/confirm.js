// @ts-check
// The question that Slack asks before a press, in a dialog of its own. Esc means no.

import { keepOpener } from "./blocks/focus.js";
import { renderText, plainText } from "./blocks/text.js";
import { h } from "./dom.js";
import { store } from "./store.js";

/**
 * Asks, and waits for the answer. The focus goes back to where it was.
 * @param {any} question Slack's confirm object: title, text, confirm, deny, style
 * @returns {Promise<boolean>}
 */
export function confirmDialog(question) {
  const back = keepOpener(document.activeElement);
  const dialog = drawn(question);
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector("[data-first]").focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      back();
      resolve(dialog.returnValue === "yes");
    });
  });
}

/** What cannot be undone begins at "no", everything else at "yes". @param {any} question */
function drawn(question) {
  const danger = question.style === "danger";
  const answer = (
    /** @type {string} */ value,
    /** @type {object} */ props,
    /** @type {any} */ text,
  ) => h("button", { type: "button", on: { click: () => dialog.close(value) }, ...props }, text);
  const no = plainText(question.deny) || "Cancel";
  const yes = plainText(question.confirm) || "Yes";
  const dialog = h(
    "dialog",
    { class: "confirm", "aria-labelledby": "confirm-title", "aria-describedby": "confirm-text" },
    h("h2", { id: "confirm-title", dir: "auto", text: plainText(question.title) }),
    h("div", { id: "confirm-text" }, renderText(question.text, { state: store.state })),
    h(
      "div",
      { class: "modal-foot" },
      answer("no", { class: "bk-button", data: danger ? { first: "" } : {} }, no),
      answer(
        "yes",
        {
          class: `bk-button is-${danger ? "danger" : "primary"}`,
          data: danger ? {} : { first: "" },
        },
        yes,
      ),
    ),
  );
  return dialog;
}
