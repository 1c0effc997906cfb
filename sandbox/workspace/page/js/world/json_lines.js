// @ts-check
// A stored item as lines of JSON, each told apart: as before, added, removed.

/** @typedef {{depth: number, text: string, mark: "" | "added" | "removed"}} Line */

/**
 * The lines of `after`, with those that only `before` had among them. A changed value is its
 * old line, removed, and its new one, added.
 * @param {any} before undefined if there was nothing to compare with @param {any} after
 * @returns {Line[]}
 */
export function jsonLines(before, after) {
  /** @type {Line[]} */
  const out = [];
  compare(out, "", before === undefined ? after : before, after, 0, "");
  return out;
}

/**
 * @param {Line[]} out @param {string} name with quotes and colon, "" in an array
 * @param {any} before @param {any} after @param {number} depth @param {string} comma
 */
function compare(out, name, before, after, depth, comma) {
  if (before === undefined) return whole(out, name, after, depth, comma, "added");
  if (after === undefined) return whole(out, name, before, depth, comma, "removed");
  if (!isAlike(before, after)) {
    whole(out, name, before, depth, comma, "removed");
    return whole(out, name, after, depth, comma, "added");
  }
  if (!isHolder(after)) return whole(out, name, after, depth, comma, "");
  const keys = [...new Set([...Object.keys(after), ...Object.keys(before)])];
  const [opening, closing] = brackets(after);
  if (!keys.length) return whole(out, name, after, depth, comma, "");
  out.push({ depth, text: name + opening, mark: "" });
  keys.forEach((key, n) => {
    const last = n === keys.length - 1 ? "" : ",";
    compare(out, named(after, key), before[key], after[key], depth + 1, last);
  });
  out.push({ depth, text: closing + comma, mark: "" });
}

/**
 * A value all of whose lines have one mark.
 * @param {Line[]} out @param {string} name @param {any} value @param {number} depth
 * @param {string} comma @param {Line["mark"]} mark
 */
function whole(out, name, value, depth, comma, mark) {
  if (!isHolder(value) || !Object.keys(value).length) {
    out.push({ depth, text: `${name}${JSON.stringify(value)}${comma}`, mark });
    return;
  }
  const [opening, closing] = brackets(value);
  const entries = Object.entries(value);
  out.push({ depth, text: name + opening, mark });
  entries.forEach(([key, inner], n) => {
    const last = n === entries.length - 1 ? "" : ",";
    whole(out, named(value, key), inner, depth + 1, last, mark);
  });
  out.push({ depth, text: closing + comma, mark });
}

/**
 * Whether two values are the same, or can be compared part by part.
 * @param {any} one @param {any} two
 */
function isAlike(one, two) {
  if (isHolder(one) && isHolder(two)) return Array.isArray(one) === Array.isArray(two);
  return one === two;
}

/** @param {any} value */
function isHolder(value) {
  return typeof value === "object" && value !== null;
}

/** @param {any} value */
function brackets(value) {
  return Array.isArray(value) ? "[]" : "{}";
}

/** @param {any} holder @param {string} key */
function named(holder, key) {
  return Array.isArray(holder) ? "" : `${JSON.stringify(key)}: `;
}

/** Notes as the object they hold, if they hold one; else as they are. @param {any} notes */
export function parsedNotes(notes) {
  if (typeof notes !== "string") return notes;
  try {
    const found = JSON.parse(notes);
    return isHolder(found) ? found : notes;
  } catch {
    return notes;
  }
}
