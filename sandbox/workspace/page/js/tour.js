// @ts-check
// The guided tour: a coach mark that walks along the page in five steps and blocks nothing.
import { announce } from "./announcer.js";
import { h } from "./dom.js";
import { isInSight, place, seenPart } from "./tour/place.js";
import { STEPS } from "./tour/steps.js";

const SEEN = "charter-tour"; // in localStorage: whether it was seen through or dismissed
const OFTEN = 250; // milliseconds between two looks at where the target is

/** Shows the tour on the first visit, and again when asked to. @param {any} store */
export function mountTour(store) {
  const tour = new Tour(store);
  const again = document.getElementById("tour-again");
  again?.addEventListener("click", () => tour.start());
  if (wasSeen()) return;
  if (store.state.me) tour.start();
  else {
    const stop = store.subscribe("all", () => {
      stop();
      tour.start();
    });
  }
}

class Tour {
  /** @param {any} store */
  constructor(store) {
    this.store = store;
    this.at = 0;
    /** @type {Element | null} */
    this.target = null;
    /** @type {Element | null} */
    this.before = null;
    /** @type {(() => void)[]} */
    this.ends = [];
    /** @type {() => boolean} */
    this.isDone = () => false;
    this.rest = 0;
    this.title = h("h2", { id: "tour-title" });
    this.words = h("p", { id: "tour-words" });
    this.number = h("p", { class: "tour-number" });
    this.back = button("Back", "button", () => this.step(this.at - 1));
    this.next = button("Next", "button tour-next", () => this.step(this.at + 1));
    this.ring = h("div", { class: "tour-ring", "aria-hidden": "true" });
    this.mark = h(
      "div",
      {
        class: "tour",
        role: "dialog",
        tabindex: "-1",
        "aria-modal": "false",
        "aria-labelledby": "tour-title",
        "aria-describedby": "tour-words",
      },
      this.title,
      this.words,
      h(
        "div",
        { class: "tour-foot" },
        this.number,
        button("Skip", "tour-skip", () => this.end()),
        this.back,
        this.next,
      ),
    );
  }

  start() {
    this.end();
    this.before = document.activeElement;
    document.body.append(this.ring, this.mark);
    const places = () => this.draw();
    const timer = setInterval(places, OFTEN);
    this.ends = [
      () => clearInterval(timer),
      () => clearTimeout(this.rest),
      listen(document, "keydown", (event) => this.key(event)),
      listen(document, "scroll", places, { capture: true, passive: true }),
      listen(window, "resize", places),
      ...["messages", "view"].map((kind) => this.store.subscribe(kind, () => this.look())),
    ];
    this.step(0);
    this.mark.focus({ preventScroll: true });
  }

  /** Takes it away; it does not come again by itself. */
  end() {
    if (!this.mark.isConnected) return;
    for (const stop of this.ends) stop();
    const wasHere = this.mark.contains(document.activeElement);
    this.mark.remove();
    this.ring.remove();
    remember();
    if (!wasHere) return;
    const again = document.getElementById("tour-again");
    const to = this.before?.isConnected && this.before !== document.body ? this.before : again;
    if (to instanceof HTMLElement) to.focus();
  }

  /** @param {number} at */
  step(at) {
    if (at >= STEPS.length) return this.end();
    clearTimeout(this.rest);
    this.rest = 0;
    this.at = Math.max(0, at);
    this.target = null;
    const { title, words, watch, open } = STEPS[this.at];
    this.isDone = watch?.(this.store) ?? (() => false);
    const focused = this.mark.contains(document.activeElement) ? document.activeElement : null;
    open?.();
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
    this.title.textContent = title;
    this.words.textContent = words;
    this.number.textContent = `${this.at + 1} of ${STEPS.length}`;
    this.back.setAttribute("aria-disabled", String(this.at === 0));
    this.next.textContent = this.at === STEPS.length - 1 ? "Done" : "Next";
    announce(`Tour, step ${this.at + 1} of ${STEPS.length}: ${title}. ${words}`);
    this.draw();
  }

  /** Goes on if what the step asks for was done. */
  look() {
    if (this.rest || !this.isDone()) return;
    this.rest = setTimeout(() => this.step(this.at + 1), STEPS[this.at].rest ?? 600);
  }

  /** Points at the first target in sight that it need not cover. */
  draw() {
    const targets = STEPS[this.at].targets().filter(isInSight);
    let target = targets.find((each) => place(this.mark, each)) ?? null;
    if (!target) place(this.mark, (target = targets[0] ?? null));
    if (target !== this.target) {
      this.target = target;
      target?.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    this.ring.hidden = !target;
    if (target) this.surround(target);
    place(this.mark, target);
  }

  /** @param {Element} target */
  surround(target) {
    const { left, top, right, bottom } = seenPart(target);
    Object.assign(this.ring.style, {
      left: `${Math.max(left - 3, 1)}px`,
      top: `${Math.max(top - 3, 1)}px`,
      width: `${Math.min(right + 3, innerWidth - 1) - Math.max(left - 3, 1)}px`,
      height: `${Math.min(bottom + 3, innerHeight - 1) - Math.max(top - 3, 1)}px`,
    });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const isElsewhere = document.querySelector("dialog[open]") !== null;
    if (event.key === "Escape" && !event.defaultPrevented && !isElsewhere) this.end();
    if (!this.mark.contains(/** @type {Node} */ (event.target))) return;
    if (event.key === "ArrowRight" && this.at < STEPS.length - 1) this.step(this.at + 1);
    if (event.key === "ArrowLeft" && this.at > 0) this.step(this.at - 1);
  }
}

/** @param {string} text @param {string} kind @param {() => void} click */
function button(text, kind, click) {
  return h("button", { type: "button", class: kind, text, on: { click } });
}

/**
 * @param {EventTarget} on @param {string} kind @param {(event: any) => void} fn @param {any} [how]
 * @returns {() => void} ends it
 */
function listen(on, kind, fn, how) {
  on.addEventListener(kind, fn, how);
  return () => on.removeEventListener(kind, fn, how);
}

function wasSeen() {
  try {
    return localStorage.getItem(SEEN) === "seen";
  } catch {
    return true; // a browser that keeps nothing would show it at every visit
  }
}

function remember() {
  try {
    localStorage.setItem(SEEN, "seen");
  } catch {
    // Then it is as it is: nothing is kept here.
  }
}
