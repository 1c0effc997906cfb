// @ts-check
// One tab stop for a list of many things; arrow keys, j and k, Home and End move within it.

const STEPS = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, Home: -Infinity, End: Infinity };

/**
 * @param {HTMLElement} list @param {string} selector of the things in it
 */
export function roving(list, selector) {
  const things = () => /** @type {HTMLElement[]} */ ([...list.querySelectorAll(selector)]);
  list.addEventListener("keydown", (event) => move(event, things));
  list.addEventListener("focusin", (event) => {
    const thing = /** @type {HTMLElement} */ (event.target).closest(selector);
    if (thing) settle(list, /** @type {HTMLElement} */ (thing));
  });
  new MutationObserver(() => {
    const all = things();
    if (all.length && !all.some((each) => each.tabIndex === 0)) settle(list, all[all.length - 1]);
  }).observe(list, { childList: true, subtree: true });
}

/** Makes `thing` the tab stop. @param {HTMLElement} list @param {HTMLElement} thing */
function settle(list, thing) {
  if (thing.tabIndex === 0) return;
  for (const other of list.querySelectorAll('[data-stop="yes"]')) {
    /** @type {HTMLElement} */ (other).tabIndex = -1;
    delete /** @type {HTMLElement} */ (other).dataset.stop;
  }
  thing.tabIndex = 0;
  thing.dataset.stop = "yes";
}

/** @param {KeyboardEvent} event @param {() => HTMLElement[]} things */
function move(event, things) {
  const step = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
  const all = things();
  const at = all.indexOf(/** @type {HTMLElement} */ (event.target));
  if (step === undefined || at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}
