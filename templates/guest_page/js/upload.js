// One photo's way: looked at here, asked for at the crew's service, sent to its store.
// What goes wrong is thrown as a Trouble, in words for the guest.

const stallsAfter = 45 * second;

// `again`: whether trying again can help. `signal`: whether it was the connection.
class Trouble extends Error {
  constructor(words, { again = true, signal = false, shut = null } = {}) {
    super(words);
    Object.assign(this, { again, signal, shut });
  }
}
const hopeless = (words) => new Trouble(words, { again: false });
const cut = () =>
  navigator.onLine === false
    ? new Trouble("Waiting for a signal. It goes on by itself.", { signal: true })
    : new Trouble("The connection was cut. Nothing is lost.", { signal: true });

const text = (bytes, from, to) => String.fromCharCode(...bytes.slice(from, to));
const kinds = [
  ["image/jpeg", (b) => b[0] === 0xff && b[1] === 0xd8 && b[2] === 0xff],
  ["image/png", (b) => text(b, 0, 4) === "\x89PNG"],
  ["image/webp", (b) => text(b, 0, 4) === "RIFF" && text(b, 8, 12) === "WEBP"],
  ["image/heic", (b) => text(b, 4, 8) === "ftyp" && /^(he[iv]|mif|msf)/.test(text(b, 8, 12))],
];
// What a file is by its first bytes, whatever its name says.
const kindOf = async (file) => {
  const limit = Number(trip.limit);
  if (!file.size) throw hopeless("This file is empty.");
  if (file.size > limit * 1024 * 1024) {
    throw hopeless(`This file is too large: a photo may have up to ${limit} MB.`);
  }
  const head = await file
    .slice(0, 12)
    .arrayBuffer()
    .catch(() => {
      throw hopeless("This file cannot be read any more. Please choose it again.");
    });
  const kind = kinds.find(([, fits]) => fits(new Uint8Array(head)));
  if (!kind) throw hopeless("This is no photo that we can take: only JPEG, PNG, WebP and HEIC.");
  return kind[0];
};

// Services tell more than a status where they can.
const refused = ({ status, said = {} }) => {
  const early = said.reason === "early";
  const shut = early ? "Photos are not taken yet." : "Photos are not taken now.";
  if (status === 403) return new Trouble(shut, { shut: said });
  const large = status === 413 || said.reason === "size";
  if (large) return hopeless("The crew’s service finds it too large.");
  if (status === 400) return hopeless("The crew’s service does not take this file.");
  if (status === 429) return new Trouble("Too many at once. Try again in a minute.");
  return new Trouble("The crew’s service has trouble. Nothing is lost: try again in a minute.");
};
const leave = async (file, kind) => {
  const wanted = {
    booking_id: trip.booking,
    file_name: file.name.slice(-200),
    file_size: file.size,
    mime_type: kind,
  };
  const answer = await post(trip.presign, wanted).catch(() => {
    throw cut();
  });
  if (!answer.ok) throw refused(answer);
  if (!answer.said.url) throw refused({ status: 500 });
  return answer.said;
};

const body = (fields, file) => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file);
  return form;
};
const stored = (request) => {
  if (request.status >= 200 && request.status < 300) return null;
  if (request.responseText.includes("EntityTooLarge")) return refused({ status: 413 });
  return new Trouble("The photo store did not take it. Nothing is lost: try again.");
};
// A slow connection may take its time; one that stands still is cut.
const deliver = (target, file, kind, progress) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let timer = 0;
    const moved = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), stallsAfter);
    };
    request.open(target.fields ? "POST" : "PUT", target.url);
    if (!target.fields) request.setRequestHeader("Content-Type", kind);
    request.upload.onprogress = (event) => {
      moved();
      if (event.lengthComputable) progress(event.loaded / event.total);
    };
    request.onload = () => {
      const trouble = stored(request);
      if (trouble) reject(trouble);
      else resolve();
    };
    request.onerror = request.onabort = () => reject(cut());
    request.onloadend = () => clearTimeout(timer);
    moved();
    request.send(target.fields ? body(target.fields, file) : file);
  });

const sendPhoto = async (file, progress) => {
  const kind = await kindOf(file);
  await deliver(await leave(file, kind), file, kind, progress);
};
