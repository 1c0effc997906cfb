// The time of day by the server's word where this device's clock is wrong, and the countdown.
// Loading asks for nothing; the first touch, or coming back to the page, asks once.

const moments = {
  starts: Date.parse(trip.starts),
  ends: Date.parse(trip.ends),
  closes: Date.parse(trip.closes),
};
const tolerated = 2 * minute;
let ahead = 0; // how far the server's clock is ahead of this device's, in milliseconds
let answered = -Infinity; // when the server last told the time, by a clock that nobody sets
let asking = null;
const watchers = [];

const now = () => Date.now() + ahead;
const tick = () => watchers.forEach((watch) => watch(now()));
const heed = (server) => {
  if (!Number.isFinite(server)) return;
  const difference = server - Date.now();
  ahead = Math.abs(difference) > tolerated ? difference : 0;
  answered = performance.now();
  tick();
};

// Resolves to whether the server told the time. A cached answer is as old as its Age says.
const askTheTime = async () => {
  try {
    const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" });
    const date = Date.parse(answer.headers.get("Date"));
    heed(date + (Number(answer.headers.get("Age")) || 0) * second);
    return Number.isFinite(date);
  } catch {
    return false;
  }
};
const checkTheTime = () => {
  if (performance.now() - answered < 10 * minute) return Promise.resolve(true);
  asking = asking || askTheTime().finally(() => (asking = null));
  return asking;
};
for (const touched of ["pointerdown", "keydown", "wheel", "touchstart"]) {
  addEventListener(touched, () => void checkTheTime(), { once: true, passive: true });
}
addEventListener("online", () => void checkTheTime());
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  tick();
  void checkTheTime();
});

const span = (milliseconds) => {
  const minutes = Math.max(1, Math.round(milliseconds / minute));
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  const parts = [
    [days, "day"],
    [days < 14 ? hours : 0, "hour"],
    [days ? 0 : minutes % 60, "minute"],
  ];
  return parts
    .filter(([number]) => number)
    .map(([number, noun]) => plural(number, noun))
    .join(" and ");
};
watchers.push((at) => {
  let words = "Thank you for sailing with us.";
  if (at < moments.starts) words = `You sail in ${span(moments.starts - at)}.`;
  else if (at < moments.ends) words = `You are aboard: ${span(moments.ends - at)} to go.`;
  byId("count").textContent = words;
  byId("count").hidden = false;
});
setInterval(tick, 20 * second);
