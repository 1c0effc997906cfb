// @ts-check
// Where the line "New" stands: above the first message that came while nobody looked.

import { isNew, seenUpTo } from "./seen.js";

export class NewLine {
  /**
   * @param {string} channel @param {string | null} thread ts of its parent
   */
  constructor(channel, thread) {
    this.channel = channel;
    this.thread = thread;
    this.begun = false;
    /** @type {string | null} ts of the message below the line */
    this.above = null;
  }

  /**
   * It stays where it is until one leaves, or something new comes while one is away again.
   * @param {Record<string, any>[]} messages @param {boolean} watched whether somebody looks
   * @returns {string | null}
   */
  find(messages, watched) {
    const seen = Number(seenUpTo(this.channel, this.thread));
    const away = !watched || !this.begun;
    this.begun = true;
    if (seen > 0 && away && Number(this.above ?? 0) <= seen) {
      this.above = messages.find((message) => isNew(message, seen))?.ts ?? this.above;
    }
    return this.above;
  }
}
