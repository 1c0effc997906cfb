// @ts-check
// Dates and times, in the browser's own pickers.
// A value is told to the app when the person is done with it, not at every digit.

import { h } from "../dom.js";
import { enter, heldBy, note, tellsAtOnce } from "./held.js";
import { plainText } from "./text.js";

const PAUSE = 900; // milliseconds after the last digit

/** A date, "2026-05-30". */
export function datepicker(element, block, context, about) {
  return picker("date", element, block, context, about, (text) => text || null);
}

/** A time of day, "10:00"; its zone is named beside it where the app gives one. */
export function timepicker(element, block, context, about) {
  const box = picker("time", element, block, context, about, (text) => text.slice(0, 5) || null);
  if (!element.timezone) return box;
  const zone = h("span", { class: "bk-note", text: element.timezone });
  return h("span", { class: "bk-beside" }, box, zone);
}

/** A moment: seconds since 1970, shown in the zone of whoever looks. */
export function datetimepicker(element, block, context, about) {
  const read = (text) => (text ? Math.floor(new Date(text).getTime() / 1000) : null);
  return picker("datetime-local", element, block, context, about, read, localMoment);
}

function picker(type, element, block, context, about, read, shown = (value) => value) {
  const held = heldBy(element, block, context);
  const placeholder = element.placeholder ? plainText(element.placeholder) : null;
  const props = { ...about, type, title: placeholder, class: "bk-field bk-picker" };
  const box = h("input", { ...props, value: held === null ? "" : shown(held) });
  whenSettled(box, element, block, context, () => read(box.value), shown);
  return box;
}

function whenSettled(box, element, block, context, read, shown) {
  let told = read();
  let timer = 0;
  const tell = () => {
    clearTimeout(timer);
    const value = read();
    if (value === told || box.validity.badInput) return;
    const undo = () => {
      box.value = told === null ? "" : shown(told);
    };
    enter(element, block, context, value, undo).then(() => (told = read()));
  };
  box.addEventListener("input", () => {
    clearTimeout(timer);
    if (tellsAtOnce(block)) timer = setTimeout(tell, PAUSE);
    else note(element, block, context, read());
  });
  if (!tellsAtOnce(block)) return;
  box.addEventListener("blur", tell);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // tells the app instead of submitting the form
    tell();
  });
}

function localMoment(seconds) {
  const moment = new Date(seconds * 1000);
  const here = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return here.toISOString().slice(0, 16);
}
