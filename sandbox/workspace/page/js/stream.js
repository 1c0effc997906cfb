// @ts-check
// Keeps the store current: a snapshot, then every change as it happens, and again after a break.

import { ApiError } from "./api.js";
import { forgetWho, takeSnapshot, whoToBe } from "./snapshot.js";
import { store } from "./store.js";
import { toastError } from "./toast.js";

const PAUSES = [500, 1000, 2000, 3000]; // milliseconds before trying again; the last one stays

/** @type {EventSource | null} */
let source = null;
let timer = 0;
let failures = 0;
let turn = 0; // counts connections, so that what a former one still says is not heard
let user = "";

/** Connects for the first time. @returns {Promise<void>} when there is something to show */
export async function startStream() {
  user = whoToBe();
  store.onActAs(actAs);
  await connect();
}

/** @param {string} other */
async function actAs(other) {
  const former = user;
  user = other;
  try {
    await follow();
  } catch (error) {
    if (user !== other) return; // somebody else was chosen meanwhile
    toastError(error);
    user = former;
    await connect();
  }
}

async function connect() {
  try {
    await follow();
  } catch (error) {
    if (error instanceof ApiError && error.status === 400) user = forgetWho();
    tryAgain();
  }
}

/** Takes a snapshot and goes on from there. */
async function follow() {
  const mine = ++turn;
  source?.close();
  clearTimeout(timer);
  const seq = await takeSnapshot(user, () => mine === turn);
  if (seq !== null) listen(mine, seq);
}

/** @param {number} mine @param {number} seq */
function listen(mine, seq) {
  const path = `/workspace/stream?user=${encodeURIComponent(user)}&after=${seq}`;
  source = new EventSource(path);
  source.onopen = () => {
    failures = 0;
    store.setLive(true);
  };
  source.onmessage = (event) => mine === turn && hear(JSON.parse(event.data).changes);
  source.onerror = () => mine === turn && tryAgain();
}

/** @param {{kind: string}[]} changes */
function hear(changes) {
  if (changes.some((change) => change.kind === "reset")) void connect();
  else store.dispatch(changes);
}

/** The server may have been started anew meanwhile, so a break ends in a new snapshot. */
function tryAgain() {
  source?.close();
  store.setLive(false);
  clearTimeout(timer);
  timer = setTimeout(connect, PAUSES[Math.min(failures++, PAUSES.length - 1)]);
}
