// @ts-check
// Where the person was: so that drawing something anew, or closing a dialog, does not lose them.

const KEYS = ["blockId", "actionId"];

/**
 * Remembers the control in `root` that has the focus, and how far it was scrolled.
 * @param {HTMLElement} root
 * @returns {() => boolean} goes back to it; false if it is not there any more
 */
export function keepPlace(root) {
  const active = /** @type {any} */ (document.activeElement);
  const inside = root.contains(active) && active !== root;
  const top = root.scrollTop;
  const find = inside ? finder(active) : () => null;
  const range = inside && isTyped(active) ? [active.selectionStart, active.selectionEnd] : null;
  return () => {
    root.scrollTop = top;
    const again = /** @type {any} */ (find(root));
    again?.focus({ preventScroll: true });
    if (again && range && isTyped(again)) again.setSelectionRange(...range);
    return !inside || Boolean(again);
  };
}

/**
 * Remembers what opened a dialog: itself, or what stands in its place when it was drawn anew.
 * @param {Element | null} element
 * @returns {() => void} puts the focus there
 */
export function keepOpener(element) {
  const article = element?.closest("[data-ts]");
  const list = article?.closest("#channel, #thread") ?? document; // a message may be in both
  const ts = article instanceof HTMLElement ? article.dataset.ts : null;
  const find = element ? finder(element) : () => null;
  return () => {
    const drawn = ts ? list.querySelector(`[data-ts="${CSS.escape(ts)}"]`) : null;
    const target = element?.isConnected ? element : ((drawn && find(drawn)) ?? drawn);
    if (!(target instanceof HTMLElement)) return;
    if (target === drawn) target.tabIndex = -1;
    target.focus({ preventScroll: true });
  };
}

/** @param {Element} element @returns {(root: Element) => Element | null} */
function finder(element) {
  const { id } = element;
  if (id) return (root) => root.querySelector(`#${CSS.escape(id)}`);
  const data = /** @type {HTMLElement} */ (element).dataset ?? {};
  if (!data.actionId) return () => null;
  const known = KEYS.filter((key) => data[key]);
  return (root) => {
    const same = [...root.querySelectorAll("[data-action-id]")];
    const is = (/** @type {any} */ one) => known.every((key) => one.dataset[key] === data[key]);
    return same.find(is) ?? null;
  };
}

/** @param {any} element */
function isTyped(element) {
  return element.matches?.("textarea, input[type=text]") ?? false;
}
