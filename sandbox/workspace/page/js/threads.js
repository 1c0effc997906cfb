// @ts-check
// The threads of a channel: counted from the replies themselves, since only those are told.

/** @typedef {Record<string, any>} Message */

/**
 * @param {{messages: Map<string, Message>}} channel
 * @returns {Map<string, {replies: number, people: string[], last: Message}>} by ts of the parent
 */
export function threads(channel) {
  const found = new Map();
  for (const message of channel.messages.values()) {
    const parent = message.thread_ts;
    if (!parent || parent === message.ts) continue;
    const thread = found.get(parent) ?? { replies: 0, people: [] };
    thread.replies += 1;
    thread.last = message;
    if (!thread.people.includes(message.user)) thread.people.push(message.user);
    found.set(parent, thread);
  }
  return found;
}

/**
 * The parent and its replies, oldest first.
 * @param {any} channel @param {string} ts of the parent
 */
export function threadOf(channel, ts) {
  return [...channel.messages.values()].filter((each) => [each.ts, each.thread_ts].includes(ts));
}
