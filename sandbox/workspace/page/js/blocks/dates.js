// @ts-check
// Moments in words: the tokens of Slack's date format, in the zone and language of the reader.
// `{date_num} {date} {date_short} {date_long} {date_pretty} {time} {time_secs} {ago}`.

const DAY = 86_400_000;
const shown = (options) => (moment) => new Intl.DateTimeFormat(undefined, options).format(moment);
const LONG = { weekday: "long", year: "numeric", month: "long", day: "numeric" };
const PLAIN = { year: "numeric", month: "long", day: "numeric" };
const SHORT = { year: "numeric", month: "short", day: "numeric" };

const TOKENS = {
  date_num: (moment) => {
    const parts = [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()];
    return parts.map((part) => String(part).padStart(2, "0")).join("-");
  },
  date: shown(PLAIN),
  date_short: shown(SHORT),
  date_long: shown(LONG),
  date_long_full: shown(LONG),
  date_pretty: (moment) => nearby(moment) ?? shown(PLAIN)(moment),
  date_short_pretty: (moment) => nearby(moment) ?? shown(SHORT)(moment),
  date_long_pretty: (moment) => nearby(moment) ?? shown(LONG)(moment),
  day_divider_pretty: (moment) => nearby(moment) ?? shown(LONG)(moment),
  time: shown({ hour: "numeric", minute: "2-digit" }),
  time_secs: shown({ hour: "numeric", minute: "2-digit", second: "2-digit" }),
  ago,
};

/** `format` with its tokens replaced; a token that nobody knows stays as it is. */
export function formatDate(moment, format) {
  return format.replace(/\{([a-z_]+)\}/g, (whole, token) => TOKENS[token]?.(moment) ?? whole);
}

function nearby(moment) {
  const days = Math.round((startOfDay(moment) - startOfDay(new Date())) / DAY);
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days] ?? null;
}

function startOfDay(moment) {
  return new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime();
}

function ago(moment) {
  const seconds = (moment.getTime() - Date.now()) / 1000;
  /** @type {[Intl.RelativeTimeFormatUnit, number][]} */
  const units = [
    ["day", 86_400],
    ["hour", 3600],
    ["minute", 60],
    ["second", 1],
  ];
  const [unit, length] = units.find(([, size]) => Math.abs(seconds) >= size) ?? units[3];
  const words = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
  return words.format(Math.round(seconds / length), unit);
}
