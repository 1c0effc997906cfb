// Makes the crew's page live: forms are sent without leaving it, and others' doings appear.
// Without this script the same forms work by loading the page anew.
import { startPhotos } from "./photos.js";

const EVERY = 3000;
const GONE = "This link no longer works. Ask your captain for a fresh one.";
const NOT_SAVED = "That was not saved: no connection. Please try again.";
const STALE = "No connection. What you see may not be the latest.";

const main = document.getElementById("event");
const trouble = document.getElementById("trouble");
const live = document.getElementById("live");
const token = main.dataset.token;
const seen = new Map(partsOf(document).map((part) => [part.dataset.part, part.outerHTML]));

let tag = "";
let acts = 0;
let sends = 0;
let ended = false;
let misses = 0;
let looking = false;

document.documentElement.classList.add("scripted");
document.addEventListener("submit", (event) => {
  event.preventDefault();
  send(event.target, event.submitter);
});
document.addEventListener("visibilitychange", () => document.hidden || look());
startPhotos({ token, say, refresh: () => look(true) });
setInterval(() => document.hidden || look(), EVERY);

async function send(form, button) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  acts += 1;
  const turn = ++sends;
  try {
    const body = new URLSearchParams(new FormData(form, button));
    const answer = await fetch(form.action, {
      method: "POST", body, headers: { accept: "text/html" }, credentials: "omit",
    });
    // What comes too late is answered with the page as it is now, and the words on it.
    if (answer.ok || answer.status === 409) {
      const page = parsed(await answer.text());
      // Of several acts on their way only the last one's page is sure to hold them all.
      if (turn === sends) show(page, true);
      tag = "";
      tell(page.getElementById("trouble").textContent);
    } else {
      refuse(answer.status, NOT_SAVED);
    }
  } catch {
    tell(NOT_SAVED);
  } finally {
    acts += 1;
    button.removeAttribute("aria-busy");
  }
}

async function look(mine = false) {
  if (ended || looking) return;
  looking = true;
  const before = acts;
  try {
    const headers = { accept: "text/html", authorization: `Bearer ${token}` };
    if (tag) headers["if-none-match"] = tag;
    const answer = await fetch(main.dataset.live, { headers, credentials: "omit" });
    if (answer.status !== 304 && !answer.ok) {
      refuse(answer.status, STALE);
      return;
    }
    misses = 0;
    if (trouble.textContent === STALE) tell("");
    // What was asked for before one's own act is older than what that act has shown.
    if (answer.status === 304 || acts !== before) return;
    const text = await answer.text();
    if (acts !== before) return;
    tag = answer.headers.get("etag") ?? "";
    show(parsed(text), mine);
  } catch {
    misses += 1;
    if (misses > 1) tell(STALE);
  } finally {
    looking = false;
  }
}

function refuse(status, words) {
  ended = status === 403;
  tell(ended ? GONE : words);
}

function parsed(text) {
  return new DOMParser().parseFromString(text, "text/html");
}

/** Put the parts of a newer page in the places of those that differ. */
function show(page, mine) {
  const news = mine ? [] : changes(page);
  for (const part of partsOf(page)) {
    const name = part.dataset.part;
    if (seen.get(name) === part.outerHTML) continue;
    seen.set(name, part.outerHTML);
    swap(document.querySelector(`[data-part="${name}"]`), document.importNode(part, true));
  }
  if (news.length) say(news.join(" "));
}

function swap(old, fresh) {
  const held = old.contains(document.activeElement) ? document.activeElement.id : "";
  old.replaceWith(fresh);
  if (held) document.getElementById(held)?.focus({ preventScroll: true });
}

function partsOf(page) {
  return [...page.querySelectorAll("[data-part]")];
}

/** What others did, in words. */
function changes(page) {
  const said = [];
  for (const task of page.querySelectorAll("[role=checkbox]")) {
    const old = document.getElementById(task.id);
    if (!old || old.ariaChecked === task.getAttribute("aria-checked")) continue;
    const [words, by] = [".words", ".by"].map((at) => task.querySelector(at).textContent);
    said.push(`${words}: ${by ? `done, ${by}` : "no longer done"}.`);
  }
  const states = new Map(people(document).map((one) => [one.dataset.name, one.dataset.state]));
  for (const { dataset } of people(page)) {
    const before = states.get(dataset.name);
    if (before && before !== dataset.state) said.push(`${dataset.name} ${dataset.state}.`);
  }
  return said;
}

function people(page) {
  return [...page.querySelectorAll(".crew [data-name]")];
}

function say(words) {
  live.textContent = words;
}

function tell(words) {
  if (trouble.textContent === words) return;
  trouble.textContent = words;
  trouble.hidden = !words;
}
