"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const trip = $("trip").dataset;
  const starts = Date.parse(trip.starts);
  const ends = Date.parse(trip.ends);
  const closes = Date.parse(trip.closes);
  const minute = 60 * 1000;

  const say = (where, words, bad) => {
    where.textContent = words;
    where.classList.toggle("bad", Boolean(bad));
  };
  const parts = (number, noun) => (number ? [number + " " + noun + (number === 1 ? "" : "s")] : []);
  const span = (milliseconds) => {
    const minutes = Math.max(1, Math.round(milliseconds / minute));
    const days = Math.floor(minutes / 1440);
    const hours = Math.floor((minutes % 1440) / 60);
    const shown = [...parts(days, "day"), ...parts(hours, "hour")];
    return (days ? shown : [...shown, ...parts(minutes % 60, "minute")]).join(" and ");
  };
  const countdown = (now) => {
    if (now < starts) return "You sail in " + span(starts - now) + ".";
    if (now < ends) return "You are aboard. " + span(ends - now) + " to go.";
    return "Thank you for sailing with us.";
  };

  let chosen = false;
  const photoState = (now) => {
    if (now < ends) return "Photos open here when your charter ends. Come back then to share yours.";
    if (now >= closes) return "Photo sharing for this charter has closed.";
    return "";
  };
  const tick = () => {
    const now = Date.now();
    $("count").textContent = countdown(now);
    if (!$("picker")) return;
    const shut = photoState(now);
    $("picker").hidden = Boolean(shut) && !chosen;
    $("shut").hidden = !shut || chosen;
    $("why").textContent = shut;
  };
  $("count").hidden = false;
  tick();
  setInterval(tick, 20 * 1000);

  const post = (url, body) =>
    fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
  const offline = "You seem to be offline. Nothing is lost: try again when you have a signal.";

  const form = $("confirm");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    const said = $("confirmed");
    button.disabled = true;
    say(said, "Sending…");
    try {
      const answer = await post(trip.confirm, {
        booking_id: trip.booking,
        guest_count: Number(form.elements.guests.value),
        note: form.elements.note.value.trim(),
      });
      if (answer.ok) say(said, "Thank you. Your captain knows.");
      else if (answer.status === 429) say(said, "That was a little fast. Try again in a minute.", true);
      else say(said, "That did not arrive. Try again, or tell us another way.", true);
    } catch {
      say(said, offline, true);
    }
    button.disabled = false;
  });

  if (!$("picker")) return;
  $("photos").hidden = false;
  $("open").addEventListener("click", () => {
    chosen = true;
    tick();
    $("choose").focus();
  });

  const largest = 25 * 1024 * 1024;
  const kinds = [
    ["image/jpeg", (b) => b[0] === 255 && b[1] === 216 && b[2] === 255],
    ["image/png", (b) => b[0] === 137 && b[1] === 80 && b[2] === 78 && b[3] === 71],
    ["image/webp", (b) => ascii(b, 0, 4) === "RIFF" && ascii(b, 8, 12) === "WEBP"],
    ["image/heic", (b) => ascii(b, 4, 8) === "ftyp" && /^(hei|hev|mif|msf)/.test(ascii(b, 8, 12))],
  ];
  const ascii = (bytes, from, to) => String.fromCharCode(...bytes.slice(from, to));
  const kindOf = async (file) => {
    const bytes = new Uint8Array(await file.slice(0, 12).arrayBuffer());
    const kind = kinds.find(([, fits]) => fits(bytes));
    return kind && kind[0];
  };
  const why = (status) => {
    if (status === 403) return "The crew's service is not taking photos for this charter now.";
    if (status === 413) return "This photo is too large.";
    if (status === 429) return "That was a little fast. Try again in a minute.";
    return "This photo did not arrive.";
  };
  const upload = (target, file, kind, bar) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(target.fields ? "POST" : "PUT", target.url);
      request.upload.onprogress = (event) => {
        if (event.lengthComputable) bar.value = event.loaded / event.total;
      };
      request.onload = () => resolve(request.status);
      request.onerror = () => reject(new Error("offline"));
      if (!target.fields) {
        request.setRequestHeader("Content-Type", kind);
        request.send(file);
        return;
      }
      const body = new FormData();
      for (const [name, value] of Object.entries(target.fields)) body.append(name, value);
      body.append("file", file);
      request.send(body);
    });

  const row = (file) => {
    const item = document.createElement("li");
    const name = document.createElement("bdi");
    const bar = document.createElement("progress");
    const said = document.createElement("div");
    const again = document.createElement("button");
    name.textContent = file.name;
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", "Progress of " + file.name);
    said.setAttribute("role", "status");
    again.type = "button";
    again.textContent = "Try again";
    again.hidden = true;
    again.addEventListener("click", () => send(file, bar, said, again));
    item.append(name, bar, said, again);
    $("files").append(item);
    send(file, bar, said, again);
  };
  const failed = (said, again, words, hopeless) => {
    say(said, words, true);
    again.hidden = Boolean(hopeless);
  };
  const send = async (file, bar, said, again) => {
    again.hidden = true;
    say(said, "Sending…");
    if (!file.size) return failed(said, again, "This file is empty.", true);
    if (file.size > largest) return failed(said, again, "Photos may have up to 25 MB.", true);
    try {
      const kind = await kindOf(file);
      if (!kind) return failed(said, again, "Only JPEG, PNG, WebP and HEIC photos.", true);
      const asked = await post(trip.presign, {
        booking_id: trip.booking,
        file_name: file.name,
        file_size: file.size,
        mime_type: kind,
      });
      if (!asked.ok) return failed(said, again, why(asked.status));
      const status = await upload(await asked.json(), file, kind, bar);
      if (status >= 300) return failed(said, again, why(status));
      bar.value = 1;
      say(said, "Received. Thank you!");
    } catch {
      failed(said, again, offline);
    }
  };
  $("choose").addEventListener("change", (event) => {
    for (const file of event.target.files) row(file);
    event.target.value = "";
  });
})();
