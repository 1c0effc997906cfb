// @ts-check
// Where the coach mark goes: beside what it points at, never over it.

const GAP = 14; // pixels between the mark and its target
const EDGE = 8; // pixels to the window's edge
const SHEET = window.matchMedia("(max-width: 900px)");

/** Whether a person can see it, at least in part. @param {Element | null | undefined} element */
export function isInSight(element) {
  if (!element?.getClientRects().length) return false;
  const { left, top, right, bottom } = element.getBoundingClientRect();
  const wide = right - left > 4 && bottom - top > 4;
  return wide && right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
}

/** The part of an element that is in the window, and in the columns if it is one of theirs. */
export function seenPart(/** @type {Element} */ element) {
  const box = element.getBoundingClientRect();
  const around = (element.closest("#columns") ?? document.documentElement).getBoundingClientRect();
  return {
    left: Math.max(box.left, around.left, 0),
    top: Math.max(box.top, around.top, 0),
    right: Math.min(box.right, around.right, innerWidth),
    bottom: Math.min(box.bottom, around.bottom, innerHeight),
  };
}

/**
 * Puts the mark beside its target, and off the message that this is in if there is room; in the
 * middle, low, if there is no target; on a narrow screen at the bottom, or else at the top.
 * @param {HTMLElement} mark @param {Element | null | undefined} target
 * @returns {boolean} whether there was a place where it does not cover the target
 */
export function place(mark, target) {
  mark.classList.toggle("sheet", SHEET.matches);
  const size = { width: mark.offsetWidth, height: mark.offsetHeight };
  const spots = SHEET.matches ? sheetSpots(size) : [...besides(size, target), ...corners(size)];
  const free = spots.filter((spot) => fits(spot, size) && !covers(spot, size, target));
  const message = target?.closest("article");
  const spot = free.find((each) => !covers(each, size, message)) ?? free[0] ?? spots.at(-1);
  Object.assign(mark.style, { left: `${spot.left}px`, top: `${spot.top}px` });
  return free.length > 0;
}

/** @typedef {{left: number, top: number}} Spot @typedef {{width: number, height: number}} Size */

/** @param {Size} size @returns {Spot[]} */
function sheetSpots({ width, height }) {
  const bar = document.getElementById("tabs")?.offsetHeight ?? 0;
  const left = (innerWidth - width) / 2;
  return [
    { left, top: innerHeight - bar - height - EDGE },
    { left, top: (document.getElementById("topbar")?.offsetHeight ?? 0) + EDGE },
    { left, top: innerHeight - bar - height - EDGE },
  ];
}

/** Right, left, below and above. @param {Size} size @param {Element | null | undefined} target */
function besides({ width, height }, target) {
  if (!target) return [];
  const { left, top, right, bottom } = seenPart(target);
  const across = between(EDGE, (left + right - width) / 2, innerWidth - width - EDGE);
  const along = between(EDGE, top + 24, innerHeight - height - EDGE);
  return [
    { left: right + GAP, top: along },
    { left: left - width - GAP, top: along },
    { left: across, top: bottom + GAP },
    { left: across, top: top - height - GAP },
  ];
}

/** @param {Size} size @returns {Spot[]} */
function corners({ width, height }) {
  const [right, bottom] = [innerWidth - width - EDGE, innerHeight - height - EDGE];
  const middle = { left: (innerWidth - width) / 2, top: bottom - 80 };
  return [middle, { left: right, top: bottom }, { left: EDGE, top: bottom }, middle];
}

/** @param {number} least @param {number} value @param {number} most */
function between(least, value, most) {
  return Math.max(least, Math.min(value, most));
}

/** @param {Spot} spot @param {Size} size */
function fits({ left, top }, { width, height }) {
  return left >= 0 && top >= 0 && left + width <= innerWidth && top + height <= innerHeight;
}

/** @param {Spot} spot @param {Size} size @param {Element | null | undefined} what */
function covers({ left, top }, { width, height }, what) {
  if (!what) return false;
  const box = seenPart(what);
  const across = left < box.right && left + width > box.left;
  return across && top < box.bottom && top + height > box.top;
}
