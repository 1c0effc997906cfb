// What every part of the guest's page uses: its elements, its facts, a memory, a way to ask.
// The files of this folder become one inline script, in the order that bot/views names.

const byId = (id) => document.getElementById(id);
const trip = byId("trip").dataset;
const second = 1000;
const minute = 60 * second;

const say = (where, words, bad = false) => {
  where.textContent = words;
  where.classList.toggle("bad", bad);
};
const plural = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

// Private windows and full phones refuse to remember; the page then works without.
const memory = {
  key: `charter-${trip.booking}`,
  read() {
    try {
      return JSON.parse(localStorage.getItem(this.key)) || {};
    } catch {
      return {};
    }
  },
  keep(values) {
    try {
      localStorage.setItem(this.key, JSON.stringify({ ...this.read(), ...values }));
    } catch {
      // Nothing to be done, and nothing lost that is on the screen.
    }
  },
};

// A JSON POST to the crew's service. Throws when no answer came within half a minute.
const post = async (url, body) => {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), 30 * second);
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "omit",
      signal: patience.signal,
    });
    const text = await answer.text();
    return { ok: answer.ok, status: answer.status, said: parsed(text) };
  } finally {
    clearTimeout(timer);
  }
};
const parsed = (text) => {
  try {
    return JSON.parse(text) || {};
  } catch {
    return {};
  }
};
const noSignal = () =>
  navigator.onLine === false
    ? "You are offline. Nothing is lost: try again when you have a signal."
    : "No answer came. Nothing is lost: try again in a moment.";
