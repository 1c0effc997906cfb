// @ts-check
// The address of what is shown: #/home, #/C0CHARTERS, #/C0CHARTERS/1700000000.000100 (a message
// or an open thread).

import { goTo } from "./permalink.js";
import { store } from "./store.js";
import { threads } from "./threads.js";

/** Goes where the address says, and keeps the address in step from then on. */
export function startRoutes() {
  store.subscribe("view", write);
  store.subscribe("all", stay);
  window.addEventListener("hashchange", follow);
  follow();
}

/** The first channel, where one starts and goes when there is nowhere else to be. */
function first() {
  return [...store.state.channels.keys()][0] ?? "home";
}

function follow() {
  const [, place, ts] = location.hash.split("/");
  const { channels, view } = store.state;
  if (place === "home") return store.show({ place });
  if (!channels.has(place)) return store.show({ place: view.place || first() });
  const message = channels.get(place).messages.get(ts);
  if (!message) return store.show({ place, thread: null });
  if (view.place === place && view.thread === ts) return undefined;
  if (threads(channels.get(place)).has(ts)) return store.show({ place, thread: ts });
  return goTo(place, ts);
}

function write() {
  const { place, thread, focus } = store.state.view;
  const hash = `#/${[place, thread ?? focus].filter(Boolean).join("/")}`;
  if (location.hash === "") history.replaceState(null, "", hash);
  else if (location.hash !== hash) history.pushState(null, "", hash);
}

/** Another person may not see what was shown. */
function stay() {
  const { view, channels } = store.state;
  if (view.place === "" || view.place === "home") return;
  if (!channels.has(view.place)) store.show({ place: first() });
  else if (view.thread && !channels.get(view.place).messages.has(view.thread)) {
    store.show({ thread: null });
  }
}
