// @ts-check
// One mail, as its recipients see it: on a phone, on a desk, as text; with its headers.
import { h, replace } from "../dom.js";
import { facts, linked, outside, when } from "./bits.js";

/** @type {Record<string, string>} */
const ACCOUNTS = {
  111111111111: "the bot's",
  222222222222: "the crew service's",
  333333333333: "the guest site's",
};
/** @type {Record<string, number>} */
const WIDTHS = { Phone: 320, Desktop: 720 }; // pixels
const HEIGHT = 560; // pixels of the frame at its full size

/** @param {any} mail @param {() => void} back */
export function letter(mail, back) {
  const title = h("h3", { tabindex: "-1", text: mail.subject });
  const body = h("div", { class: "letter-body" });
  const ways = [...(mail.html ? Object.keys(WIDTHS) : []), "Text"];
  const show = (/** @type {string} */ way) =>
    replace(body, way === "Text" ? plain(mail) : framed(mail, way));
  const chooser = choice(ways, show);
  const node = h(
    "article",
    { class: "letter" },
    h("button", { type: "button", class: "button back", on: { click: back } }, "← All mails"),
    title,
    headers(mail),
    h("div", { class: "letter-bar" }, chooser.node, alone(mail)),
    body,
  );
  chooser.choose(ways[0]);
  return { node, title };
}

/** @param {string} account a number */
export function accountName(account) {
  return ACCOUNTS[account] ? `${ACCOUNTS[account]} account` : `account ${account}`;
}

/** @param {any} mail */
function headers(mail) {
  const people = (/** @type {string[]} */ list) => (list ?? []).join(", ") || "nobody";
  return facts([
    ["From", mail.sender],
    ["To", people(mail.to)],
    ["Cc", people(mail.cc)],
    ["Bcc", people(mail.bcc)],
    ["Sent", `${when(mail.sent_at)}, from ${accountName(mail.account)}`],
    ["Id", h("code", { text: mail.id })],
  ]);
}

/** @param {any} mail */
function address(mail) {
  return `/workspace/mails/${encodeURIComponent(mail.id)}`;
}

/** @param {any} mail */
function alone(mail) {
  return outside(address(mail), "Open on its own");
}

/** @param {any} mail */
function plain(mail) {
  return h("div", { class: "letter-text" }, linked(mail.text || "This mail has no text version."));
}

/**
 * The mail in a frame of a given width, made smaller where the panel is narrower.
 * @param {any} mail @param {string} way
 */
function framed(mail, way) {
  const width = WIDTHS[way];
  const frame = h("iframe", {
    title: `${mail.subject}, as on a ${way === "Phone" ? "phone" : "desk"}`,
    src: address(mail),
    sandbox: "allow-popups allow-popups-to-escape-sandbox",
  });
  const box = h("div", { class: "letter-frame" }, frame);
  const fit = () => {
    const scale = Math.min(1, box.parentElement ? box.parentElement.clientWidth / width : 1);
    Object.assign(frame.style, {
      width: `${width}px`,
      height: `${HEIGHT / scale}px`,
      transform: `scale(${scale})`,
    });
    Object.assign(box.style, { width: `${width * scale}px`, height: `${HEIGHT}px` });
  };
  new ResizeObserver(() => box.isConnected && fit()).observe(box);
  requestAnimationFrame(fit);
  return box;
}

/**
 * A few buttons of which one is pressed.
 * @param {string[]} names @param {(name: string) => void} chosen
 */
function choice(names, chosen) {
  const buttons = names.map((name) =>
    h("button", { type: "button", class: "button", text: name, on: { click: () => choose(name) } }),
  );
  const choose = (/** @type {string} */ name) => {
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.textContent === name));
    }
    chosen(name);
  };
  const node = h("div", { class: "choice", role: "group", "aria-label": "Show as" }, buttons);
  return { node, choose };
}
