// @ts-check
// Who wrote a message: name, mark and badge, for people, the app, Slackbot and mails.

import { h, icon } from "./dom.js";
import { store } from "./store.js";

const SLACKBOT = "USLACKBOT";
const COLOURS = 6; // .avatar-0 to .avatar-5 in base.css

/** @param {Record<string, any>} message @returns {{id: string, name: string, badge: string}} */
export function authorOf(message) {
  const { app } = store.state;
  if (message.user === app.user) return { id: app.user, name: app.name, badge: "App" };
  if (message.display_as_bot && message.user === SLACKBOT) {
    return { id: "email", name: message.files?.[0]?.username || "Email", badge: "App" };
  }
  const person = store.person(message.user);
  return { id: person.id, name: nameOf(person), badge: person.is_bot ? "App" : "" };
}

/** @param {Record<string, any>} person */
export function nameOf(person) {
  return person.real_name || person.name || person.id;
}

/** A square with initials, or with the mark of what is no person. @param {string} id */
export function avatar(id) {
  const sign = { [store.state.app.user]: "anchor", email: "mail", [SLACKBOT]: "bolt" }[id];
  if (sign) {
    const kind = id === store.state.app.user ? "avatar-app" : "avatar-machine";
    return h("span", { class: `avatar ${kind}`, "aria-hidden": "true" }, icon(sign));
  }
  const colour = Math.max([...store.state.people.keys()].indexOf(id), 0) % COLOURS;
  const words = nameOf(store.person(id)).split(/\s+/).filter(Boolean).slice(0, 2);
  const letters = words.map((word) => [...word][0].toUpperCase()).join("");
  return h("span", { class: `avatar avatar-${colour}`, "aria-hidden": "true", text: letters });
}
