// @ts-check
// The shelf: sample mails, each forwarded into the channel with one press.

import { announce } from "./announcer.js";
import { api, wordsOf } from "./api.js";
import { h, icon, replace } from "./dom.js";
import { store } from "./store.js";
import { toastError } from "./toast.js";

/** @typedef {{name: string, title: string, what: string, kind: string}} Sample */

/** @param {HTMLElement} container @param {() => void} chosen after a mail was forwarded */
export async function mountShelf(container, chosen) {
  const list = h("ul", { class: "samples" });
  container.append(
    h("h2", { id: "shelf-title", text: "Sample mails" }),
    h("p", { class: "shelf-note", text: "Forward one to the channel, as a captain would." }),
    list,
  );
  await fill(list, chosen);
}

/** @param {HTMLElement} list @param {() => void} chosen */
async function fill(list, chosen) {
  try {
    const samples = await api.get("/workspace/samples");
    replace(list, ...samples.map((/** @type {Sample} */ each) => sample(each, chosen)));
  } catch (error) {
    const again = { type: "button", class: "on-navy", on: { click: () => fill(list, chosen) } };
    const words = `The shelf could not be read. ${wordsOf(error)}`;
    replace(list, h("li", {}, words, h("button", { ...again, text: "Try again" })));
  }
}

/** @param {Sample} sample @param {() => void} chosen */
function sample({ name, title, what }, chosen) {
  const forward = h("button", {
    type: "button",
    class: "forward",
    "aria-label": `Forward ${title}`,
    on: { click: () => send(name, title, forward, chosen) },
  });
  forward.append(icon("forward"), "Forward");
  const file = {
    href: address(name),
    download: `${name}.eml`,
    class: "sample-file",
    title: "Save it as an .eml file, to be dropped into the channel",
    "aria-label": `Save ${title} as an .eml file`,
  };
  return h(
    "li",
    { class: "sample" },
    h("p", { class: "sample-title" }, h("bdi", { text: title })),
    h("p", { class: "sample-what", dir: "auto", text: what }),
    h("p", { class: "sample-acts" }, forward, h("a", file, icon("download"), ".eml")),
  );
}

/** @param {string} name @param {string} title @param {any} button @param {() => void} chosen */
async function send(name, title, button, chosen) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  try {
    const channel = target();
    await api.post(address(name), { channel });
    announce(`${title} is forwarded.`);
    if (store.state.channels.has(channel)) store.show({ place: channel });
    chosen();
  } catch (error) {
    toastError(error);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/** The channel shown if the app is in it, else the first one that it is in. */
function target() {
  const here = store.channel();
  const heard = [...store.state.channels.values()].find((channel) => channel.has_bot);
  return (here?.has_bot ? here : (heard ?? here)).id;
}

/** @param {string} name */
function address(name) {
  return `/workspace/samples/${encodeURIComponent(name)}`;
}
