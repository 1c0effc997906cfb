// @ts-check
// The page: takes the first snapshot, puts every part in its place, and stays connected.

import { mountChannel } from "./channel.js";
import { mountHome } from "./home.js";
import { mountModal } from "./modal.js";
import { startNotices } from "./notices.js";
import { closeThread, mountPanels, showPart } from "./panels.js";
import { startRoutes } from "./route.js";
import { mountSidebar } from "./sidebar.js";
import { store } from "./store.js";
import { startStream } from "./stream.js";
import { mountThread } from "./thread.js";
import { mountLive, mountTopbar } from "./topbar.js";
import { mountTour } from "./tour.js";
import { mountWorld } from "./world/index.js";

/** @param {string} id @returns {HTMLElement} */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** A skip link moves focus; the address says where one is in the workspace and stays. */
function mountSkips() {
  for (const link of byId("skips").querySelectorAll("a")) {
    link.addEventListener("click", (event) => {
      const target = byId(link.hash.slice(1));
      event.preventDefault();
      showPart(target.id === "sidebar" ? "sidebar" : "centre");
      /** @type {(HTMLElement | null)[]} */
      const goals = [target.querySelector("article[tabindex='0']"), target];
      (goals.find((each) => each?.checkVisibility()) ?? byId("centre")).focus();
    });
  }
}

function mount() {
  const home = byId("home");
  mountSkips();
  mountTopbar();
  mountPanels(); // first, so that a part is in sight before something in it takes the focus
  mountChannel(byId("channel"));
  mountThread(byId("thread"), closeThread);
  mountHome(home, store);
  mountModal(store);
  mountSidebar(byId("sidebar"), () => showPart("centre"));
  mountWorld(byId("world"), store);
  store.subscribe("view", () => (home.hidden = store.state.view.place !== "home"));
  startNotices();
  startRoutes();
  mountTour(store);
}

const ready = store.subscribe("all", () => {
  ready();
  mount();
});
mountLive();
await startStream();
