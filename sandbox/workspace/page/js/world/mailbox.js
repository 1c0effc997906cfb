// @ts-check
// Every mail that was sent: a list to choose from, and the one that is read.
import { h, replace } from "../dom.js";
import { empty, pill, when } from "./bits.js";
import { KeyedList, setText } from "./keyed.js";
import { accountName, letter } from "./letter.js";

/** The Mailbox tab. */
export function mailboxTab() {
  const nothing = empty(
    "No mail was sent",
    "Mails to the crew and to operations can be read here, as they look.",
  );
  const list = h("ul", { class: "rows mails" });
  const filter = h("select", { id: "mails-to" }, h("option", { value: "", text: "To anybody" }));
  const label = h("label", { class: "unseen", for: "mails-to", text: "Recipient" });
  const tools = h("div", { class: "tools" }, label, filter);
  const overview = h("div", {}, nothing, tools, list);
  const reading = h("div", { hidden: true });
  /** @type {Set<string>} */
  let seen = new Set();
  let isFirst = true;
  /** @type {any[]} */
  let mails = [];

  const read = (/** @type {any} */ mail, /** @type {HTMLElement} */ button) => {
    seen.add(mail.id);
    const back = () => {
      overview.hidden = false;
      reading.hidden = true;
      replace(reading);
      draw();
      button.focus();
    };
    const opened = letter(mail, back);
    replace(reading, opened.node);
    overview.hidden = true;
    reading.hidden = false;
    opened.title.focus();
    opened.title.scrollIntoView({ block: "nearest" });
  };
  const rows = new KeyedList(list, { key: (mail) => mail.id, make: (mail) => mailRow(mail, read) });
  const draw = () => {
    const wanted = mails.filter((mail) => !filter.value || recipients(mail).includes(filter.value));
    rows.show(wanted.map((mail) => ({ ...mail, isNew: !seen.has(mail.id) })));
    nothing.hidden = mails.length > 0;
    tools.hidden = mails.length === 0;
  };
  filter.addEventListener("change", draw);

  return {
    id: "mail",
    label: "Mailbox",
    sign: "mail",
    path: "/mails",
    node: h("div", {}, overview, reading),
    count: (/** @type {any[]} */ all) => String(all.length || ""),
    show(/** @type {any[]} */ all) {
      if (isFirst) seen = new Set(all.map((mail) => mail.id));
      isFirst = false;
      mails = [...all].reverse();
      offer(filter, mails);
      draw();
    },
    looked(/** @type {boolean} */ now) {
      if (now) return;
      for (const mail of mails) seen.add(mail.id);
      draw();
    },
  };
}

/** @param {any} mail @returns {string[]} */
function recipients(mail) {
  return [...(mail.to ?? []), ...(mail.cc ?? []), ...(mail.bcc ?? [])];
}

/**
 * Offers whoever got a mail, and how many; the choice stays.
 * @param {any} filter @param {any[]} mails
 */
function offer(filter, mails) {
  const options = new Map([...filter.options].map((option) => [option.value, option]));
  for (const who of [...new Set(mails.flatMap(recipients))].sort()) {
    const option = options.get(who) ?? h("option", { value: who });
    const many = mails.filter((mail) => recipients(mail).includes(who)).length;
    setText(option, `To ${who} (${many})`);
    if (!options.has(who)) filter.append(option);
  }
}

/** @param {any} mail @param {(mail: any, button: HTMLElement) => void} read */
function mailRow(mail, read) {
  const fresh = h("span", { class: "fresh" });
  const button = h(
    "button",
    { type: "button", class: "mail", on: { click: () => read(mail, button) } },
    h("span", { class: "subject", text: mail.subject }),
    h("span", { class: "to", text: `to ${recipients(mail).join(", ")}` }),
    h("span", { class: "soft", text: `${mail.sender}, ${accountName(mail.account)}` }),
    h("span", { class: "meta" }, fresh, h("time", { text: when(mail.sent_at) })),
  );
  return {
    node: h("li", { class: "row" }, button),
    update(/** @type {any} */ now) {
      replace(fresh, now.isNew && pill("new", "good"));
    },
  };
}
