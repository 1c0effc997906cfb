// @ts-check
// Takes a snapshot as one person, and remembers who that was for the next visit.

import { api } from "./api.js";
import { store } from "./store.js";

const KEPT = "charters.me";
const FIRST = "U0CAPTAIN";

/** Who to be on opening the page: asked for in the address, or as last time. */
export function whoToBe() {
  const asked = new URLSearchParams(location.search).get("as");
  return asked ?? localStorage.getItem(KEPT) ?? FIRST;
}

/**
 * Puts what `user` sees into the store.
 * @param {string} user
 * @param {() => boolean} isWanted whether it still is, once it is there
 * @returns {Promise<number | null>} the number of the latest change in it; null if unwanted
 */
export async function takeSnapshot(user, isWanted) {
  const snapshot = await api.get(`/workspace/snapshot?user=${encodeURIComponent(user)}`);
  if (!isWanted()) return null;
  remember(snapshot.me);
  store.load(snapshot);
  return snapshot.seq;
}

/** A page that was opened as somebody goes on naming them in its own address alone. */
function remember(/** @type {string} */ me) {
  const address = new URL(location.href);
  if (!address.searchParams.has("as")) localStorage.setItem(KEPT, me);
  else if (address.searchParams.get("as") !== me) {
    address.searchParams.set("as", me);
    history.replaceState(null, "", address);
  }
}

/** Forgets who was remembered, for a person that this workspace does not have. */
export function forgetWho() {
  localStorage.removeItem(KEPT);
  return FIRST;
}
