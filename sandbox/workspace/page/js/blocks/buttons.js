// @ts-check
// What is pressed: buttons, buttons that are links, and the overflow menu.

import { h, icon } from "../dom.js";
import { isPermalink } from "../permalink.js";
import { linkTo, openLink, safeUrl, stayHere } from "./inline.js";
import { pressed } from "./held.js";
import { menuButton } from "./menu_button.js";
import { plainText } from "./text.js";

/** A button. With a `url` it opens that in a new tab and still tells the app, as in Slack. */
export function button(element, block, context) {
  const url = element.url && safeUrl(element.url);
  const look = element.style ? `bk-button is-${element.style}` : "bk-button";
  const props = {
    class: look,
    dir: "auto",
    "aria-label": element.accessibility_label ?? null,
    data: { blockId: block.block_id, actionId: element.action_id },
  };
  const words = h("span", { text: plainText(element.text) });
  if (!url) {
    const press = (event) => pressed(event.currentTarget, element, block, context);
    return h("button", { ...props, type: "button", on: { click: press } }, words);
  }
  const open = (event) => openAndTell(event, url, element, block, context);
  const mark = isPermalink(url) ? null : icon("external");
  return h("a", { ...props, ...linkTo(url), on: { click: open } }, words, mark);
}

/** Without a question the link is simply followed; with one, only after a yes. */
function openAndTell(event, url, element, block, context) {
  const link = event.currentTarget;
  if (!element.confirm) {
    stayHere(event, url);
    return pressed(link, element, block, context);
  }
  event.preventDefault();
  const press = (...asked) => {
    openLink(url);
    return context.press(...asked);
  };
  return pressed(link, element, block, { ...context, press });
}

/** Three dots that open a short menu. */
export function overflow(element, block, context) {
  const choose = (option) => {
    const url = option.url && safeUrl(option.url);
    if (url) openLink(url);
    return pressed(opener, element, block, context, option.value);
  };
  const items = element.options.map((option) => ({
    label: plainText(option.text),
    note: option.description ? plainText(option.description) : "",
    choose: () => choose(option),
  }));
  const data = { blockId: block.block_id, actionId: element.action_id };
  const holder = menuButton("More options", () => items, { look: "bk-button bk-overflow", data });
  const opener = holder.querySelector("button");
  return holder;
}
