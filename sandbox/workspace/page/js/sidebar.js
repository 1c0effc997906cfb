// @ts-check
// The sidebar: the app's Home, the channels with what is unread, the shelf of sample mails.

import { h, icon, replace } from "./dom.js";
import { onSeen, unread } from "./seen.js";
import { mountShelf } from "./shelf.js";
import { store } from "./store.js";

const MOST = 99; // unread ones that are counted out

/** @param {HTMLElement} container @param {() => void} chosen after a place was chosen */
export function mountSidebar(container, chosen) {
  const places = h("div", { class: "places" });
  const shelf = h("section", { class: "shelf", "aria-labelledby": "shelf-title" });
  container.append(places, shelf);
  let former = "";
  const draw = () => {
    const entries = [homeEntry(), ...[...store.state.channels.values()].map(channelEntry)];
    const json = JSON.stringify(entries);
    if (json === former) return;
    former = json;
    const focused = places.contains(document.activeElement) ? document.activeElement?.id : "";
    replace(places, ...sections(entries, chosen));
    if (focused) document.getElementById(focused)?.focus();
  };
  for (const kind of ["messages", "view", "me", "all"]) store.subscribe(kind, draw);
  onSeen(draw);
  draw();
  mountShelf(shelf, chosen);
}

function homeEntry() {
  const { app, view } = store.state;
  const open = view.place === "home";
  return { place: "home", name: app.name, sign: "anchor", open, count: 0 };
}

/** @param {any} channel */
function channelEntry(channel) {
  const open = store.state.view.place === channel.id;
  const sign = channel.is_private ? "lock" : "hash";
  return { place: channel.id, name: channel.name, sign, open, count: unread(channel.id).length };
}

/** @param {any[]} entries @param {() => void} chosen */
function sections([home, ...channels], chosen) {
  const list = (/** @type {any[]} */ items) =>
    h("ul", { class: "entries" }, ...items.map((item) => h("li", {}, entry(item, chosen))));
  return [
    h("h2", { text: "App" }),
    list([home]),
    h("h2", { text: "Channels" }),
    list(channels),
  ];
}

/** @param {any} item @param {() => void} chosen */
function entry({ place, name, sign, open, count }, chosen) {
  const go = () => {
    store.show({ place });
    chosen();
  };
  const many = h(
    "span",
    { class: "count" },
    h("span", { "aria-hidden": "true", text: count > MOST ? `${MOST}+` : count }),
    h("span", { class: "unseen", text: `, ${count} unread` }),
  );
  const note = place === "home" ? h("span", { class: "entry-note", text: "Home" }) : null;
  return h(
    "button",
    {
      type: "button",
      id: `place-${place}`,
      class: count ? "entry is-unread" : "entry",
      "aria-current": open ? "page" : null,
      on: { click: go },
    },
    icon(sign),
    h("bdi", { class: "entry-name", text: name }),
    note && [" ", note],
    count > 0 && many,
  );
}
