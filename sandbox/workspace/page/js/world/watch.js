// @ts-check
// Remembers how a stored thing was before it changed, for as long as somebody may want to see.

const SHOWN = 60_000; // milliseconds for which a change stays marked once it was in sight

export class Watch {
  /** @param {() => void} faded is called when a change has been in sight for long enough */
  constructor(faded) {
    this.faded = faded;
    this.now = undefined;
    this.before = undefined;
    this.missed = false;
    this.timer = 0;
  }

  /**
   * Takes note of how the thing is now.
   * @param {any} thing @param {boolean} inSight whether somebody sees it
   */
  take(thing, inSight) {
    if (this.now === undefined) {
      this.now = thing;
      return;
    }
    // Of several changes that nobody saw, the first shows what they came from.
    if (inSight || !this.missed) this.before = this.now;
    this.now = thing;
    this.missed = !inSight;
    clearTimeout(this.timer);
    if (inSight) this.fade();
  }

  /** Somebody looks: what was missed is in sight from now on. */
  look() {
    if (!this.missed) return;
    this.missed = false;
    this.fade();
  }

  fade() {
    this.timer = setTimeout(() => {
      this.before = undefined;
      this.faded();
    }, SHOWN);
  }
}
