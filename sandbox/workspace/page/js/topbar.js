// @ts-check
// The bar on top: whose workspace it is, and how the bot is.

import { announce } from "./announcer.js";
import { mountActAs } from "./act_as.js";
import { h, icon, replace } from "./dom.js";
import { store } from "./store.js";

const STATES = {
  ready: ["ready", "Connected, and listens."],
  starting: ["starting", "It is being started, and answers in a moment."],
  away: ["away", "It is not connected. What is said now waits for it; clicks fail, as in Slack."],
};

/** Fills what index.html has prepared. */
export function mountTopbar() {
  mountActAs(/** @type {HTMLElement} */ (document.getElementById("act-as")));
  let former = "";
  const draw = () => {
    team();
    former = bot(former);
  };
  for (const kind of ["bot", "all"]) store.subscribe(kind, draw);
  draw();
}

/** Says so when what is shown may not be what is; from before anything is shown. */
export function mountLive() {
  store.subscribe("live", live);
}

function team() {
  const { name } = store.state.team;
  const place = document.getElementById("team");
  if (!place || place.dataset.name === name) return;
  place.dataset.name = name;
  replace(place, h("span", { class: "team-mark" }, icon("anchor")), h("bdi", { text: name }));
}

/** @param {string} former what it said before */
function bot(former) {
  const { app, bot: now } = store.state;
  const [word, what] = STATES[/** @type {keyof typeof STATES} */ (now.state)] ?? [now.state, ""];
  const said = `${app.name} is ${word}`;
  const place = /** @type {HTMLElement} */ (document.getElementById("bot-state"));
  place.className = `bot-pill is-${now.state}`;
  place.title = what;
  const light = h("span", { class: "light", "aria-hidden": "true" });
  const name = h("span", { class: "bot-name", text: `${app.name} is ` });
  replace(place, light, h("span", {}, name, word));
  if (former && former !== said) announce(`${said}.`);
  return said;
}

function live() {
  const place = /** @type {HTMLElement} */ (document.getElementById("not-live"));
  const words = store.state.live ? "" : "Not live: trying again";
  place.classList.toggle("is-shown", !store.state.live);
  if (place.textContent !== words) place.textContent = words;
}
