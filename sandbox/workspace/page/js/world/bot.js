// @ts-check
// The bot's own process: whether it is there, and buttons that take it away.
import { api } from "../api.js";
import { h } from "../dom.js";
import { toastError } from "../toast.js";
import { setText } from "./keyed.js";

/** @type {Record<string, string>} */
const WORDS = { ready: "is ready", starting: "is starting", away: "is away" };
/** @type {Record<string, string>} */
const TONES = { ready: "ok", starting: "slow", away: "failed" };

/** @param {any} store */
export function botSection(store) {
  const line = h("p", { class: "bot-state" });
  const bulb = h("span", { class: "bulb", "aria-hidden": "true" });
  const words = h("span");
  line.append(bulb, words);
  const draw = () => {
    const { state, pid } = store.state.bot ?? { state: "away", pid: null };
    line.dataset.state = TONES[state] ?? "idle";
    const process = pid && state !== "away" ? `, as process ${pid}` : "";
    setText(words, `The bot ${WORDS[state] ?? state}${process}.`);
  };
  store.subscribe("bot", draw);
  store.subscribe("all", draw);
  draw();
  return h(
    "section",
    { class: "bot", "aria-labelledby": "bot-heading" },
    h("h3", { class: "group", id: "bot-heading", text: "The bot itself" }),
    line,
    h("p", { class: "soft", text: "Work that it had begun goes on where it stopped." }),
    h("div", { class: "buttons" }, act("Kill the bot", "kill"), act("Restart the bot", "restart")),
  );
}

/** @param {string} text @param {string} what */
function act(text, what) {
  const press = async () => {
    try {
      await api.post(`/workspace/bot/${what}`);
    } catch (error) {
      toastError(error);
    }
  };
  const kind = what === "kill" ? "button danger" : "button";
  return h("button", { type: "button", class: kind, text, on: { click: press } });
}
