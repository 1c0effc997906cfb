// The queue of photos: each with its progress, its trouble in words, and a button to try again.
// One that fails leaves the others alone.
import { refusal, upload } from "./upload.js";

const AT_ONCE = 2;

/** Begin to take photos. `token` is the link's; `say` speaks; `refresh` shows what was kept. */
export function startPhotos({ token, say, refresh }) {
  const queue = document.getElementById("queue");
  const waiting = [];
  let running = 0;

  // The input is part of what is renewed, so that its page is listened to instead.
  document.addEventListener("change", ({ target }) => {
    if (target.id !== "choose") return;
    const routes = { presign: target.dataset.presign, uploaded: target.dataset.uploaded };
    for (const file of target.files) waiting.push(entry(file, routes));
    target.value = "";
    next();
  });

  function entry(file, routes) {
    const row = document.createElement("li");
    const [name, words] = [part("span", "words", file.name), part("span", "by", "Waiting")];
    name.dir = "auto";
    row.append(name, words);
    queue.append(row);
    queue.hidden = false;
    return { file, routes, row, words };
  }

  function next() {
    while (running < AT_ONCE && waiting.length) run(waiting.shift());
  }

  async function run(one) {
    running += 1;
    try {
      await attempt(one);
    } finally {
      running -= 1;
      next();
    }
  }

  async function attempt(one) {
    const { file, routes, row, words } = one;
    const unfit = refusal(file);
    if (unfit) {
      failed(one, unfit, false);
      return;
    }
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", `Uploading ${file.name}`);
    row.append(bar);
    words.className = "by";
    words.textContent = "Uploading";
    try {
      await upload(file, routes, token, (done) => {
        bar.value = done;
      });
      row.remove();
      queue.hidden = !queue.children.length;
      say(`${file.name} was added.`);
      refresh();
    } catch (error) {
      bar.remove();
      failed(one, error.message, error.again !== false);
    }
  }

  function failed(one, message, again) {
    one.words.className = "bad";
    one.words.textContent = message;
    say(`${one.file.name}: ${message}`);
    if (again) one.row.append(button("Try again", one, () => waiting.push(one)));
    one.row.append(button("Remove", one, () => one.row.remove()));
  }

  function button(label, one, act) {
    const made = part("button", "", label);
    made.type = "button";
    made.setAttribute("aria-label", `${label}: ${one.file.name}`);
    made.addEventListener("click", () => {
      for (const old of one.row.querySelectorAll("button")) old.remove();
      act();
      queue.hidden = !queue.children.length;
      document.getElementById("choose")?.focus();
      next();
    });
    return made;
  }
}

function part(kind, name, words) {
  const made = document.createElement(kind);
  if (name) made.className = name;
  made.textContent = words;
  return made;
}
