// @ts-check
// Two texts compared word by word, so that what went and what came can be marked.

/** @typedef {{text: string, mark: "" | "added" | "removed"}} Run */

const MOST = 1_000_000; // pairs of words; longer texts are told apart as a whole

/**
 * What both texts hold, and in its place what only one of them does.
 * @param {string} before @param {string} after @returns {Run[]}
 */
export function wordChanges(before, after) {
  const [old, now] = [words(before), words(after)];
  if (old.length * now.length > MOST) {
    return [
      { text: before, mark: "removed" },
      { text: after, mark: "added" },
    ];
  }
  const common = lengths(old, now);
  /** @type {Run[]} */
  const runs = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      push(runs, old[i++], "");
      j++;
    } else if (j >= now.length || (i < old.length && common[i + 1][j] >= common[i][j + 1])) {
      push(runs, old[i++], "removed");
    } else {
      push(runs, now[j++], "added");
    }
  }
  return runs;
}

/** Words and the spaces between them. @param {string} text @returns {string[]} */
function words(text) {
  return text.match(/\s+|[^\s,;]+|[,;]/g) ?? [];
}

/**
 * How many words two texts have in common, in order, from each pair of places on.
 * @param {string[]} old @param {string[]} now @returns {Uint16Array[]}
 */
function lengths(old, now) {
  const table = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1));
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      table[i][j] =
        old[i] === now[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
    }
  }
  return table;
}

/** @param {Run[]} runs @param {string} text @param {Run["mark"]} mark */
function push(runs, text, mark) {
  const last = runs.at(-1);
  if (last?.mark === mark) last.text += text;
  else runs.push({ text, mark });
}
