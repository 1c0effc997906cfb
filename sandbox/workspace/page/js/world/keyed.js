// @ts-check
// A list whose rows are kept by key: what did not change is not touched, so that focus,
// scroll position and opened rows survive an update.

/**
 * @typedef {{node: Element, update?: (item: any) => void, look?: () => void}} Row
 */
export class KeyedList {
  /**
   * @param {Element} parent holds the rows and nothing else
   * @param {{key: (item: any) => string, make: (item: any) => Row}} how
   */
  constructor(parent, { key, make }) {
    this.parent = parent;
    this.key = key;
    this.make = make;
    /** @type {Map<string, Row & {seen: string}>} */
    this.rows = new Map();
  }

  /** Shows these items in this order. @param {any[]} items */
  show(items) {
    const wanted = new Map(items.map((item) => [this.key(item), item]));
    for (const [key, row] of this.rows) {
      if (!wanted.has(key)) this.remove(key, row);
    }
    let cursor = this.parent.firstElementChild;
    for (const [key, item] of wanted) {
      const { node } = this.row(key, item);
      if (node === cursor) cursor = cursor.nextElementSibling;
      else this.parent.insertBefore(node, cursor);
    }
  }

  /** @param {string} key @param {any} item */
  row(key, item) {
    const text = JSON.stringify(item);
    let row = this.rows.get(key);
    if (!row) {
      row = { ...this.make(item), seen: "" };
      this.rows.set(key, row);
    }
    if (row.seen !== text) {
      row.seen = text;
      row.update?.(item);
    }
    return row;
  }

  /** @param {string} key @param {Row} row */
  remove(key, row) {
    // Who stood in this row goes on from the panel, not from the top of the page.
    const panel = row.node.contains(document.activeElement)
      ? this.parent.closest("[role=tabpanel]")
      : null;
    row.node.remove();
    this.rows.delete(key);
    if (panel instanceof HTMLElement) panel.focus({ preventScroll: true });
  }
}

/** Sets a node's text unless it is that already. @param {Node} node @param {string} text */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
