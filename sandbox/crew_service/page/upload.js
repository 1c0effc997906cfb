// One photo on its way: leave from the crew service, the bytes to the store, the word that it
// arrived. Every failure becomes words for a person.

const LARGEST = 15 * 1024 * 1024;
const TYPES = { jpg: "jpeg", jpeg: "jpeg", png: "png", webp: "webp", heic: "heic", heif: "heic" };
const OFFLINE = "No connection. Your photo is still here: try again.";

class UploadError extends Error {
  constructor(message, again) {
    super(message);
    this.again = again;
  }
}

/** The type to upload a file as, or "" if it is no photo: some phones leave a HEIC's empty. */
function typeOf(file) {
  const named = TYPES[file.name.toLowerCase().split(".").pop()];
  if (!named) return "";
  return file.type === "" || file.type === `image/${named}` || file.type === "image/heif"
    ? `image/${named}` : "";
}

/** Why a file cannot be taken, in words; "" if it can. */
export function refusal(file) {
  if (!typeOf(file)) return "This is not a JPEG, PNG, WebP or HEIC photo.";
  if (file.size === 0) return "This file is empty.";
  return file.size > LARGEST ? "This photo is larger than 15 MB." : "";
}

/** Upload a file. `progress` is told how far it is, 0 to 1. Throws what a person can read. */
export async function upload(file, routes, token, progress) {
  const type = typeOf(file);
  const wanted = { file_name: file.name, file_size: file.size, mime_type: type };
  const signed = await ask(routes.presign, wanted, token);
  await store(file, type, signed, progress);
  await ask(routes.uploaded, { key: signed.key, file_name: file.name }, token);
}

async function ask(path, said, token) {
  let answer;
  try {
    answer = await fetch(path, {
      method: "POST",
      body: JSON.stringify(said),
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      credentials: "omit",
    });
  } catch {
    throw new UploadError(OFFLINE, true);
  }
  const body = await answer.json().catch(() => ({}));
  if (answer.ok) return body;
  const again = answer.status >= 500 || (answer.status === 409 && body.reason !== "full");
  throw new UploadError(body.message ?? "This did not work.", again);
}

function store(file, type, signed, progress) {
  return new Promise((resolve, reject) => {
    const sent = new XMLHttpRequest();
    sent.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0);
    sent.onload = () => sent.status < 300
      ? resolve() : reject(new UploadError("The store did not take this photo.", true));
    sent.onerror = () => reject(new UploadError(OFFLINE, true));
    if (!signed.fields) {
      sent.open("PUT", signed.url);
      sent.setRequestHeader("content-type", type);
      sent.send(file);
      return;
    }
    const form = new FormData();
    for (const [name, value] of Object.entries(signed.fields)) form.append(name, value);
    form.append("file", new Blob([file], { type }), "photo");
    sent.open("POST", signed.url);
    sent.send(form);
  });
}
