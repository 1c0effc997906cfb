// @ts-check
// How messages follow one another: where a day begins, what is new, what one author goes on with.

import { dayKey } from "./times.js";

const GOES_ON = 300; // seconds in which the same author's next message needs no head

/**
 * @param {Record<string, any>[]} messages oldest first
 * @param {string | null} divider ts of the first new one
 * @returns {{message: any, day: boolean, fresh: boolean, compact: boolean}[]}
 */
export function rows(messages, divider) {
  return messages.map((message, at) => {
    const former = messages[at - 1];
    const day = !former || dayKey(former.ts) !== dayKey(message.ts);
    const fresh = message.ts === divider;
    return { message, day, fresh, compact: !day && !fresh && goesOn(former, message) };
  });
}

/** Only what people write goes on; each post of an app stands by itself. */
function goesOn(/** @type {any} */ former, /** @type {any} */ message) {
  const plain = [former, message].every((each) => !each.bot_id && !each.subtype);
  const soon = Number(message.ts) - Number(former.ts) < GOES_ON;
  return plain && soon && former.user === message.user;
}
