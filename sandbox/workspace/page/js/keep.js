// @ts-check
// Keeps a person's place while a part of the page is built anew: focus and selected text.

const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";

/**
 * Runs `change`, then puts focus and selection inside `root` back to where they were.
 * @param {HTMLElement} root @param {() => void} change
 */
export function keepingPlace(root, change) {
  const focus = focusIn(root);
  const selection = selectionIn(root);
  change();
  if (focus) backToFocus(root, focus);
  if (selection) backToSelection(root, selection);
}

/** @param {HTMLElement} root */
function focusIn(root) {
  const active = /** @type {any} */ (document.activeElement);
  if (!active || active === root || !root.contains(active)) return null;
  const alike = [...root.querySelectorAll(FOCUSABLE)].filter((each) => name(each) === name(active));
  const caret = "selectionStart" in active ? [active.selectionStart, active.selectionEnd] : null;
  return { element: active, name: name(active), nth: alike.indexOf(active), caret };
}

/** @param {HTMLElement} root @param {any} focus */
function backToFocus(root, focus) {
  if (document.activeElement === focus.element && root.contains(focus.element)) return;
  const alike = [...root.querySelectorAll(FOCUSABLE)].filter((each) => name(each) === focus.name);
  const found = /** @type {any} */ (alike[focus.nth] ?? alike[0] ?? root);
  found.focus({ preventScroll: true });
  if (focus.caret?.[0] != null) found.setSelectionRange?.(...focus.caret);
}

/** What a control is called across two builds: its action, else its kind and words. */
function name(/** @type {any} */ element) {
  const words = element.getAttribute("aria-label") ?? element.textContent;
  return element.dataset.actionId ?? `${element.tagName} ${words}`;
}

/** @param {HTMLElement} root @returns {{from: number, to: number, text: string} | null} */
function selectionIn(root) {
  const selected = getSelection();
  if (!selected || selected.isCollapsed || selected.rangeCount === 0) return null;
  const range = selected.getRangeAt(0);
  if (!root.contains(range.commonAncestorContainer)) return null;
  const before = document.createRange();
  before.setStart(root, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const from = before.toString().length;
  const text = range.toString();
  return { from, to: from + text.length, text };
}

/** Selects the same characters again, if they are still the same ones. */
function backToSelection(
  /** @type {HTMLElement} */ root,
  /** @type {{from: number, to: number, text: string}} */ { from, to, text },
) {
  if (getSelection()?.toString() === text) return;
  const start = pointAt(root, from, false);
  const end = pointAt(root, to, true);
  if (!start || !end) return;
  const range = document.createRange();
  range.setStart(...start);
  range.setEnd(...end);
  if (range.toString() !== text) return;
  getSelection()?.removeAllRanges();
  getSelection()?.addRange(range);
}

/**
 * The text node and offset that lie `offset` characters into `root`.
 * @param {HTMLElement} root @param {number} offset @param {boolean} isEnd
 * @returns {[Node, number] | null}
 */
function pointAt(root, offset, isEnd) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let left = offset;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const length = node.nodeValue?.length ?? 0;
    if (left < length || (isEnd && left === length)) return [node, left];
    left -= length;
  }
  return null;
}
