// The photos that were chosen, two on their way at a time; none is lost because another fails.
// Open or shut is by the time of day, and by the crew's service, whose word is the last.

const photos = [];
const atOnce = 2;
let refusedNow = false; // the crew's service takes no photo although it is time for them

const element = (tag, values = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), values);
  made.append(...children);
  return made;
};
const size = (bytes) =>
  bytes < 1024 * 1024
    ? `${Math.ceil(bytes / 1024)} KB`
    : `${(bytes / 1024 / 1024).toFixed(1)} MB`;

const counted = (state) => photos.filter((photo) => photo.state === state).length;
const summary = () => {
  if (!photos.length) return "";
  const parts = [
    [counted("received"), "received"],
    [counted("waiting") + counted("sending"), "on the way"],
    [counted("failed"), "not sent yet"],
    [counted("refused"), "not possible"],
  ];
  const shown = parts.filter(([number]) => number).map(([number, what]) => `${number} ${what}`);
  return `${plural(photos.length, "photo")}: ${shown.join(", ")}.`;
};
const show = (photo, state, words) => {
  photo.state = state;
  photo.item.dataset.state = state;
  photo.again.hidden = state !== "failed";
  photo.drop.hidden = state !== "failed" && state !== "refused";
  photo.bar.hidden = state === "refused";
  say(photo.said, words, state === "failed" || state === "refused");
  const news = summary();
  if (byId("news").textContent !== news) byId("news").textContent = news;
  byId("all-again").hidden = counted("failed") < 2;
};

const failed = (photo, trouble) => {
  photo.signal = trouble.signal;
  if (trouble.shut) heedRefusal(trouble.shut);
  show(photo, trouble.again ? "failed" : "refused", trouble.message);
};
const send = async (photo) => {
  photo.bar.value = 0;
  show(photo, "sending", "Sending…");
  try {
    await sendPhoto(photo.file, (part) => (photo.bar.value = part));
    photo.bar.value = 1;
    refusedNow = false;
    show(photo, "received", "Received. Thank you!");
  } catch (trouble) {
    failed(photo, trouble instanceof Trouble ? trouble : cut());
  }
  next();
};
const next = () => {
  while (counted("sending") < atOnce) {
    const photo = photos.find(({ state }) => state === "waiting");
    if (!photo) return;
    void send(photo);
  }
};
const again = (chosen) => {
  for (const photo of chosen) show(photo, "waiting", "Waiting its turn…");
  next();
};
const allFailed = () => photos.filter(({ state }) => state === "failed");

const add = (file) => {
  const photo = {
    file,
    state: "waiting",
    bar: element("progress", { max: 1, value: 0, ariaLabel: `Progress of ${file.name}` }),
    said: element("span", { className: "state" }),
    again: element("button", { type: "button", textContent: "Try again" }),
    drop: element("button", { type: "button", textContent: "Remove", className: "quiet" }),
  };
  photo.again.ariaLabel = `Try again: ${file.name}`;
  photo.drop.ariaLabel = `Remove: ${file.name}`;
  photo.again.addEventListener("click", () => again([photo]));
  photo.drop.addEventListener("click", () => {
    photos.splice(photos.indexOf(photo), 1);
    photo.item.remove();
    byId("news").textContent = summary();
    byId("all-again").hidden = counted("failed") < 2;
    (byId("picker").hidden ? byId("photos-heading") : byId("choose")).focus();
  });
  const name = element("bdi", { className: "name", textContent: file.name });
  const about = element("span", { className: "soft", textContent: size(file.size) });
  photo.item = element(
    "li",
    {},
    element("p", { className: "file" }, name, about),
    photo.bar,
    element("p", { className: "outcome" }, photo.said, photo.again, photo.drop),
  );
  photos.push(photo);
  byId("files").append(photo.item);
  return photo;
};

// A service that tells its times sets ours right, and they open and shut as time passes. One that
// tells no more than 403 is believed.
const heedRefusal = (said) => {
  const told = (name) => Date.parse(said[name]);
  if (Number.isFinite(told("opens_at"))) moments.ends = told("opens_at");
  if (Number.isFinite(told("closes_at"))) moments.closes = told("closes_at");
  heed(told("now"));
  refusedNow = said.reason !== "early" && !byTheClock(now());
  tick();
};
const inWords = (at, ours, words) =>
  at === Date.parse(ours)
    ? words
    : new Date(at).toLocaleString("en-US", {
        dateStyle: "full",
        timeStyle: "short",
        timeZone: trip.zone,
      });
const shutWords = {
  early: () =>
    "It is a little early. Photos open here when your charter ends: " +
    `${inWords(moments.ends, trip.ends, trip.opens)}.`,
  closed: () =>
    "Photo sharing for this charter has closed." +
    (refusedNow ? "" : ` It was open until ${inWords(moments.closes, trip.closes, trip.until)}.`),
};
const unknown = "The time could not be checked: no answer came. Try again when you have a signal.";
const checked = "We checked the time just now.";
const byTheClock = (at) => {
  if (at < moments.ends) return "early";
  return at < moments.closes ? "" : "closed";
};
const openness = (at) => byTheClock(at) || (refusedNow ? "closed" : "");
watchers.push((at) => {
  const shut = openness(at);
  byId("picker").hidden = Boolean(shut);
  byId("shut").hidden = !shut;
  // Said once, not at every tick: somebody may be listening.
  if (shut && byId("why").dataset.shut !== shut) byId("why").textContent = shutWords[shut]();
  byId("why").dataset.shut = shut;
});

byId("check").addEventListener("click", async () => {
  refusedNow = false;
  answered = -Infinity;
  const told = await checkTheTime();
  const shut = openness(now());
  tick();
  if (!shut) byId("choose").focus();
  else byId("why").textContent = told ? `${shutWords[shut]()} ${checked}` : unknown;
});
byId("choose").addEventListener("change", (event) => {
  again([...event.target.files].map(add));
  event.target.value = "";
});
byId("all-again").addEventListener("click", () => {
  again(allFailed());
  byId("photos-heading").focus();
});
addEventListener("online", () => again(allFailed().filter(({ signal }) => signal)));
addEventListener("beforeunload", (event) => {
  if (counted("waiting") + counted("sending")) event.preventDefault();
});

byId("photos").hidden = false;
tick();
