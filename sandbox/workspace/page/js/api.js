// @ts-check
// Calls to the control server: JSON in, JSON out, and failures in words for a person.

import { store } from "./store.js";

const UNREACHABLE = "The rehearsal does not answer. Is it still running?";

/** What went wrong, in words to be shown. `status` is 0 if nothing answered at all. */
export class ApiError extends Error {
  /** @param {string} words @param {number} status an HTTP status */
  constructor(words, status) {
    super(words);
    this.name = "ApiError";
    this.status = status;
  }
}

/** What went wrong, in words for a person. @param {unknown} error */
export function wordsOf(error) {
  return error instanceof Error ? error.message : String(error);
}

export const api = {
  /** @param {string} path @returns {Promise<any>} */
  get: (path) => call("GET", path),
  /** @param {string} path @param {object} [body] @returns {Promise<any>} */
  put: (path, body) => call("PUT", path, body ?? {}),
  /** @param {string} path @param {object} [body] @returns {Promise<any>} */
  post: (path, body) => call("POST", path, body ?? {}),
  /**
   * Does something in Slack as the person acted as.
   * @param {string} name of the act
   * @param {object} [body] what else it needs; the user is added
   * @returns {Promise<any>}
   */
  act: (name, body) => call("POST", `/slack/${name}`, { user: store.state.me, ...body }),
};

/** @param {string} method @param {string} path @param {object} [body] */
async function call(method, path, body) {
  const options = body === undefined ? { method } : { method, ...json(body) };
  let answer;
  try {
    answer = await fetch(path, { cache: "no-store", ...options });
  } catch {
    throw new ApiError(UNREACHABLE, 0);
  }
  const said = await content(answer);
  if (!answer.ok) throw new ApiError(words(said, answer.status), answer.status);
  return said;
}

/** @param {object} body */
function json(body) {
  return { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

/** @param {Response} answer */
async function content(answer) {
  const text = await answer.text();
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return text;
  }
}

/** @param {any} said @param {number} status */
function words(said, status) {
  if (said && typeof said.error === "string") return said.error;
  return `That did not work (the rehearsal answered ${status}).`;
}
