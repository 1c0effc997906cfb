// @ts-check
// Time stamps of messages in words, in the reader's own zone.

const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", month: "long", day: "numeric" });
const year = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });

/** @param {string} ts seconds since 1970 @returns {Date} */
export function moment(ts) {
  return new Date(Number(ts) * 1000);
}

/** "10:42 AM" @param {string} ts */
export const timeOf = (ts) => clock.format(moment(ts));

/** "Saturday, November 21, 2026 at 10:42:03 AM" @param {string} ts */
export const dateOf = (ts) => full.format(moment(ts));

/** The same for two moments of one day. @param {string} ts */
export const dayKey = (ts) => moment(ts).toDateString();

/** "Today", "Yesterday", "Saturday, November 21", "July 4, 2025" @param {string} ts */
export function dayOf(ts) {
  const then = moment(ts);
  const now = new Date();
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (then.toDateString() === now.toDateString()) return "Today";
  if (then.toDateString() === yesterday.toDateString()) return "Yesterday";
  return (then.getFullYear() === now.getFullYear() ? day : year).format(then);
}

/** "today at 10:42 AM" @param {string} ts */
export function dayAndTime(ts) {
  const when = dayOf(ts);
  const near = ["Today", "Yesterday"].includes(when);
  return `${near ? when.toLowerCase() : when} at ${timeOf(ts)}`;
}
