// @ts-check
// The world panel: the outside systems as they are, beside the channel, in tabs.
import { api } from "../api.js";
import { h, replace } from "../dom.js";
import { agendaTab } from "./agenda.js";
import { callsTab } from "./calls.js";
import { crewTab } from "./crew.js";
import { edgeTab } from "./edge.js";
import { faultsTab } from "./faults.js";
import { lights } from "./lights.js";
import { mailboxTab } from "./mailbox.js";
import { objectsTab } from "./objects.js";
import { Source, unhurried } from "./source.js";
import { Tabs } from "./tabs.js";

const SOON = 150; // milliseconds until what is shown is read anew
const LATER = 1000; // likewise the rest, for its counts and marks

/** @param {Element} container @param {any} store */
export function mountWorld(container, store) {
  const world = new WorldPanel(store);
  container.append(world.node);
  world.start();
}

class WorldPanel {
  /** @param {any} store */
  constructor(store) {
    this.store = store;
    this.edgeUrl = "";
    this.strip = lights();
    const guestPage = (/** @type {string} */ path) => this.guestPage(path);
    const makers = [
      agendaTab(),
      crewTab(),
      mailboxTab(),
      objectsTab(),
      edgeTab({ guestPage }),
      callsTab(),
      faultsTab(store, () => this.sources.get("faults")?.refresh()),
    ];
    /** @type {Map<string, any>} */
    this.kinds = new Map(makers.map((tab) => [tab.id, this.kind(tab)]));
    this.tabs = new Tabs([...this.kinds.values()], (id) => this.chosen(id));
    this.sources = new Map([...this.kinds].map(([id, tab]) => [id, this.source(id, tab)]));
    this.node = h(
      "div",
      { class: "world" },
      h("h2", { class: "world-title", id: "world-title", text: "What really happened" }),
      this.strip.node,
      this.tabs.list,
      this.tabs.panels,
    );
    this.soon = unhurried(() => this.readShown(), SOON);
    this.later = unhurried(() => this.readRest(), LATER);
  }

  start() {
    this.tabs.select("calendar");
    for (const kind of ["world", "bot"]) this.store.subscribe(kind, () => this.stale());
    // What is not in sight is not read; it is as soon as it is.
    new IntersectionObserver(() => this.sighted()).observe(this.node);
    document.addEventListener("visibilitychange", () => this.sighted());
    this.readAll();
  }

  /** Puts the place for mistakes over a tab's own content. @param {any} tab */
  kind(tab) {
    const trouble = h("div", { class: "trouble" });
    const waiting = h("p", { class: "soft waiting", text: "Reading…" });
    tab.node.hidden = true;
    const node = h("div", {}, trouble, waiting, tab.node);
    return { ...tab, inner: tab.node, trouble, waiting, node };
  }

  /** @param {string} id @param {any} tab */
  source(id, tab) {
    return new Source(tab.path, {
      data: (data, changed) => this.take(id, tab, data, changed),
      error: (words) => this.mistake(id, tab, words),
    });
  }

  /** @param {string} id @param {any} tab @param {any} data @param {boolean} changed */
  take(id, tab, data, changed) {
    const first = tab.inner.hidden;
    if (first) tab.waiting.remove();
    tab.inner.hidden = false;
    if (!changed) return;
    tab.show(data);
    this.tabs.count(id, tab.count(data));
    if (!first) this.tabs.changed(id);
    if (id === "calls") this.strip.show(data);
  }

  /** @param {string} id @param {any} tab @param {string} words */
  mistake(id, tab, words) {
    const said = tab.trouble.querySelector("p")?.textContent ?? "";
    if (said === words) return;
    const again = h("button", {
      type: "button",
      class: "button",
      text: "Try again",
      on: { click: () => this.sources.get(id)?.refresh() },
    });
    tab.waiting.hidden = Boolean(words);
    replace(tab.trouble, words && [h("p", { role: "alert", text: words }), again]);
  }

  /** @param {string} id */
  chosen(id) {
    for (const [each, tab] of this.kinds) tab.looked?.(each === id && this.inSight());
    this.sources.get(id)?.refresh();
  }

  stale() {
    this.soon();
    this.later();
  }

  sighted() {
    const inSight = this.inSight();
    this.kinds.get(this.tabs.selected)?.looked?.(inSight);
    if (inSight) this.readAll();
  }

  inSight() {
    return !document.hidden && this.node.getClientRects().length > 0;
  }

  readShown() {
    if (!this.inSight()) return;
    this.sources.get(this.tabs.selected)?.refresh();
    this.sources.get("calls")?.refresh();
  }

  /** One after the other: the bot has more right to the machine than the counts. */
  async readRest() {
    if (!this.inSight()) return;
    for (const [id, source] of this.sources) {
      if (id !== this.tabs.selected && id !== "calls") await source.refresh();
    }
  }

  async readAll() {
    await this.readAddresses();
    this.readShown();
    await this.readRest();
  }

  /** Where guests find their pages. */
  async readAddresses() {
    if (this.edgeUrl) return;
    try {
      this.edgeUrl = (await api.get("/info")).urls.edge;
    } catch {
      // The tabs say so themselves; without the address there are no links to pages.
    }
  }

  /** @param {string} path under which the edge keeps a page @returns {string | null} */
  guestPage(path) {
    const found = /^\/g\/(\w+)\.html$/.exec(path);
    return found && this.edgeUrl ? `${this.edgeUrl}/g/${found[1]}` : null;
  }
}
