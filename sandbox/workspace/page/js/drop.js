// @ts-check
// Files dropped anywhere on the channel.

import { h, icon } from "./dom.js";
import { store } from "./store.js";

/** @param {HTMLElement} zone @param {(files: File[]) => void} take */
export function dropZone(zone, take) {
  const words = h("p", {});
  const cover = h("div", { class: "drop-cover", "aria-hidden": "true", hidden: true });
  cover.append(icon("clip"), words);
  zone.append(cover);
  const covered = (/** @type {boolean} */ is) => {
    words.textContent = `Drop it to post it in #${store.channel()?.name ?? ""}`;
    cover.hidden = !is;
  };
  zone.addEventListener("dragenter", (event) => hasFiles(event) && covered(true));
  zone.addEventListener("dragleave", (event) => {
    if (!zone.contains(/** @type {Node | null} */ (event.relatedTarget))) covered(false);
  });
  zone.addEventListener("drop", (event) => {
    covered(false);
    if (hasFiles(event)) take([...(event.dataTransfer?.files ?? [])]);
  });
  // A file dropped beside the channel would replace the page.
  for (const name of /** @type {const} */ (["dragover", "drop"])) {
    window.addEventListener(name, (event) => hasFiles(event) && event.preventDefault());
  }
}

/** @param {DragEvent} event */
function hasFiles(event) {
  return Boolean(event.dataTransfer?.types.includes("Files"));
}
