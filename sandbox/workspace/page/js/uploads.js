// @ts-check
// Files on their way into the channel: each with its progress, or why it did not go.

import { announce } from "./announcer.js";
import { api, wordsOf } from "./api.js";
import { h, icon } from "./dom.js";
import { sizeInWords } from "./files.js";
import { store } from "./store.js";

const LARGEST = 20 * 1024 * 1024; // bytes

/** A button that chooses files, the list of those under way, and `send` for files at hand. */
export function uploads() {
  const node = h("ul", { class: "uploads", "aria-label": "Files being posted" });
  node.hidden = true;
  const send = (/** @type {File[]} */ files) => {
    for (const file of files) void post(file, node);
  };
  const input = h("input", { type: "file", multiple: true, hidden: true, tabindex: "-1" });
  input.addEventListener("change", () => {
    send([...input.files]);
    input.value = "";
  });
  const about = { type: "button", class: "quiet", title: "Attach a file" };
  const on = { click: () => input.click() };
  const button = h("button", { ...about, "aria-label": "Attach a file", on }, icon("clip"));
  return { node, button: h("span", {}, button, input), send };
}

/** @param {File} file @param {HTMLElement} list */
async function post(file, list) {
  const { me: user, view } = store.state; // who and where one is may change while it is read
  const row = h("li", { class: "upload" });
  list.append(row);
  list.hidden = false;
  try {
    if (file.size > LARGEST) throw new Error(tooLarge(file));
    row.append(h("span", { dir: "auto", text: `Posting ${file.name}…` }), h("progress"));
    const data = await base64(file);
    await api.act("upload", { user, channel: view.place, name: file.name, data });
    announce(`${file.name} is posted.`);
    take(row, list);
  } catch (error) {
    fail(row, list, `${file.name} was not posted. ${wordsOf(error)}`);
  }
}

/** @param {File} file */
function tooLarge(file) {
  return `It is ${sizeInWords(file.size)} large; up to ${sizeInWords(LARGEST)} can be posted here.`;
}

/** @param {HTMLElement} row @param {HTMLElement} list @param {string} words */
function fail(row, list, words) {
  const on = { click: () => take(row, list) };
  row.className = "upload is-error";
  row.replaceChildren(
    h("span", { role: "alert", dir: "auto", text: words }),
    h("button", { type: "button", class: "quiet", "aria-label": "Dismiss", on }, icon("close")),
  );
}

/** @param {HTMLElement} row @param {HTMLElement} list */
function take(row, list) {
  row.remove();
  list.hidden = list.childElementCount === 0;
}

/** @param {File} file @returns {Promise<string>} */
function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",", 2)[1] ?? "");
    reader.onerror = () => reject(new Error("It could not be read. Is it a folder?"));
    reader.readAsDataURL(file);
  });
}
