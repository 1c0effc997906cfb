// @ts-check
// What the edge (the CDN) keeps: what a guest gets until it is invalidated.
import { h, replace } from "../dom.js";
import { empty, outside, pill, when } from "./bits.js";
import { KeyedList, setText } from "./keyed.js";

/** The Edge tab. @param {{guestPage: (path: string) => string | null}} addresses */
export function edgeTab({ guestPage }) {
  const nothing = empty(
    "Nothing is cached",
    "The next visitor's request goes to the bucket, and its answer is then kept here.",
  );
  const list = h("ul", { class: "rows" });
  const rows = new KeyedList(list, { key: (kept) => kept.path, make: () => cachedRow(guestPage) });
  return {
    id: "edge",
    label: "Edge",
    sign: "globe",
    path: "/edge/cache",
    node: h(
      "div",
      {},
      h("p", {
        class: "intro",
        text: "Guests get what is kept here, not what is in the bucket, until it is invalidated.",
      }),
      nothing,
      list,
    ),
    count: (/** @type {any[]} */ kept) => String(kept.length || ""),
    show(/** @type {any[]} */ kept) {
      nothing.hidden = kept.length > 0;
      rows.show([...kept].sort((one, two) => two.stored_at.localeCompare(one.stored_at)));
    },
  };
}

/** @param {(path: string) => string | null} guestPage */
function cachedRow(guestPage) {
  const path = h("code", { class: "path" });
  const status = h("span");
  const since = h("p", { class: "soft" });
  const links = h("p", { class: "links" });
  return {
    node: h("li", { class: "row" }, h("div", { class: "row-head" }, path, status), since, links),
    update(/** @type {any} */ kept) {
      setText(path, kept.path);
      replace(status, pill(String(kept.status), kept.status < 400 ? "good" : "warn"));
      setText(since, `Kept since ${when(kept.stored_at)}`);
      const href = kept.status < 400 ? guestPage(kept.path) : null;
      if (href && !links.firstChild) {
        links.append(outside(href, "Open guest page", `Open guest page ${kept.path}`));
      }
      links.hidden = !href;
    },
  };
}
