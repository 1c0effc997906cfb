// @ts-check
// One outside thing that is read over and over: never two requests of it at once, and its
// listener hears of what is new, and of what went wrong.
import { api, wordsOf } from "../api.js";

export class Source {
  /**
   * @param {string} path what to get
   * @param {{data: (data: any, changed: boolean) => void, error: (words: string) => void}} to
   *   `error` is called with "" once it works again
   */
  constructor(path, to) {
    this.path = path;
    this.to = to;
    this.text = "";
    this.busy = null;
    this.again = false;
  }

  /** Reads it; if that is under way, once more after it. Never throws. */
  refresh() {
    if (this.busy) {
      this.again = true;
      return this.busy;
    }
    this.busy = this.loop().finally(() => {
      this.busy = null;
    });
    return this.busy;
  }

  async loop() {
    do {
      this.again = false;
      await this.once();
    } while (this.again);
  }

  async once() {
    let data;
    try {
      data = await api.get(this.path);
    } catch (error) {
      this.to.error(wordsOf(error));
      return;
    }
    this.to.error("");
    const text = JSON.stringify(data);
    const changed = text !== this.text;
    this.text = text;
    this.to.data(data, changed);
  }
}

/**
 * Calls `fn` at most once in `wait` milliseconds, that long after it was first asked to.
 * @param {() => void} fn @param {number} wait
 */
export function unhurried(fn, wait) {
  let timer = 0;
  return () => {
    if (timer) return;
    timer = window.setTimeout(() => {
      timer = 0;
      fn();
    }, wait);
  };
}
