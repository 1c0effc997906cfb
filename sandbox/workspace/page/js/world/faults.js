// @ts-check
// What can go wrong, to be switched on by hand: switches that stay, and faults for one time.
import { api } from "../api.js";
import { h } from "../dom.js";
import { toastError } from "../toast.js";
import { botSection } from "./bot.js";
import { KeyedList, setText } from "./keyed.js";

/** The Faults tab. @param {any} store @param {() => void} reread */
export function faultsTab(store, reread) {
  const desk = new FaultDesk(reread);
  const switches = h("ul", { class: "rows faults" });
  const onces = h("ul", { class: "rows faults" });
  const key = (/** @type {any} */ fault) => fault.id;
  const lasting = new KeyedList(switches, { key, make: (fault) => switchRow(fault, desk) });
  const single = new KeyedList(onces, { key, make: (fault) => onceRow(fault, desk) });
  const allOff = button("All faults off", () => desk.allOff());
  const intro = h("p", { class: "intro", text: "Break things, and watch what the bot says." });
  return {
    id: "faults",
    label: "Faults",
    sign: "bolt",
    path: "/workspace/faults",
    node: h(
      "div",
      {},
      h("div", { class: "tools" }, intro, allOff),
      botSection(store),
      h("h3", { class: "group", text: "For as long as it is on" }),
      switches,
      h("h3", { class: "group", text: "Once, at the next chance" }),
      onces,
    ),
    count: (/** @type {any[]} */ all) => String(all.filter((fault) => fault.on).length || ""),
    show(/** @type {any[]} */ all) {
      desk.faults = all;
      lasting.show(all.filter((fault) => fault.kind === "switch"));
      single.show(all.filter((fault) => fault.kind === "once"));
    },
  };
}

/** Switches faults, and knows which were switched off by hand. */
class FaultDesk {
  /** @param {() => void} reread */
  constructor(reread) {
    this.reread = reread;
    /** @type {any[]} */
    this.faults = [];
    /** @type {Set<string>} */
    this.takenBack = new Set();
  }

  /** @param {string} id @param {boolean} on */
  async put(id, on) {
    await this.send(id, on);
    this.reread();
  }

  async allOff() {
    for (const fault of this.faults.filter((each) => each.on)) await this.send(fault.id, false);
    this.reread();
  }

  /** @param {string} id @param {boolean} on */
  async send(id, on) {
    if (on) this.takenBack.delete(id);
    else this.takenBack.add(id);
    try {
      await api.put(`/workspace/faults/${id}`, { on });
    } catch (error) {
      toastError(error);
    }
  }
}

/** @param {any} fault @param {FaultDesk} desk */
function switchRow(fault, desk) {
  const control = h(
    "button",
    {
      type: "button",
      class: "switch",
      role: "switch",
      "aria-checked": "false",
      "aria-describedby": `fault-${fault.id}`,
      on: { click: () => desk.put(fault.id, control.getAttribute("aria-checked") !== "true") },
    },
    h("span", { class: "label", text: fault.label }),
    h("span", { class: "track", "aria-hidden": "true" }),
  );
  return {
    node: h("li", { class: "row" }, control, sentence(fault)),
    update: (/** @type {any} */ now) => control.setAttribute("aria-checked", String(now.on)),
  };
}

/** @param {any} fault @param {FaultDesk} desk */
function onceRow(fault, desk) {
  let armed = false;
  const state = h("p", { class: "once-state", role: "status" });
  const control = button("Arm", () => desk.put(fault.id, !armed));
  control.setAttribute("aria-describedby", `fault-${fault.id}`);
  const head = h("div", { class: "row-head" }, h("span", { class: "label", text: fault.label }));
  head.append(control);
  return {
    node: h("li", { class: "row once" }, head, sentence(fault), state),
    update(/** @type {any} */ now) {
      // It went off, and nobody here took it back: something met it.
      const used = armed && !now.on && !desk.takenBack.has(fault.id);
      armed = now.on;
      setText(control, armed ? "Disarm" : "Arm");
      control.setAttribute("aria-label", `${armed ? "Disarm" : "Arm"}: ${fault.label}`);
      state.classList.toggle("armed", armed);
      const words = used ? "Used: it is off again." : "";
      setText(state, armed ? "Armed. After its one chance it is off again." : words);
    },
  };
}

/** @param {any} fault */
function sentence(fault) {
  return h("p", { class: "soft", id: `fault-${fault.id}`, text: fault.what });
}

/** @param {string} text @param {() => void} click */
function button(text, click) {
  return h("button", { type: "button", class: "button", text, on: { click } });
}
