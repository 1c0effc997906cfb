// @ts-check
// Pictures. This page loads nothing from elsewhere, so one from outside is a link with its words.

import { h, icon } from "../dom.js";
import { linkNode } from "./inline.js";
import { plainText } from "./text.js";

/** An image block, with its title. */
export function image(block) {
  const title = block.title ? h("figcaption", { dir: "auto", text: plainText(block.title) }) : null;
  return h("figure", { class: "bk-figure" }, title, picture(block, "bk-picture"));
}

/** A small picture in a context or beside a section. */
export function contextImage(element) {
  return picture(element, "bk-picture is-small");
}

function picture(holder, look) {
  const source = sourceOf(holder);
  if (source) return h("img", { class: look, src: source, alt: holder.alt_text, loading: "lazy" });
  const url = holder.image_url ?? holder.slack_file?.url;
  const words = h("span", { dir: "auto", text: holder.alt_text || "Picture" });
  return h("span", { class: `${look} is-elsewhere` }, icon("photo"), linkNode(url, words));
}

/** Where this very server has the picture, else null. */
function sourceOf(holder) {
  if (holder.slack_file?.id) return `/slack/file?id=${encodeURIComponent(holder.slack_file.id)}`;
  const url = URL.parse(holder.image_url ?? "");
  return url?.origin === window.location.origin ? url.href : null;
}
