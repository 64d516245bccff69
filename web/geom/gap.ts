/** The space between two items: the horizontals that run in it, and room for words and "+". */
import type { StateId } from "../asl/model";

/** A horizontal line in a gap; `y` counts from the gap's top. */
export interface Rail {
  y: number;
  /** Words or "+" stand on it. */
  busy: boolean;
}

/** Most gaps have no rails; they share this one and never write to it. */
const none = new Map<StateId, Rail>();

export class Gap {
  /** Leave from above, or pass. */
  out: Map<StateId, Rail> = none;
  /** Come together for the item below. */
  into: Map<StateId, Rail> = none;
  /** The bus from a fork's owner to its lanes. */
  bus: Rail | null = null;
  /** Something goes straight through, and has "+" on it. */
  plus = false;
  /** Words on what goes straight down, or on the drops of lanes. */
  words = false;
  /** Something arrives below. */
  arrow = false;
  /** What arrives comes in above the words: they belong to it. */
  lead = false;
  plusY = 0;
  wordsY = 0;
  height = 0;
  /** Top, counted from the top of the sequence. */
  y = 0;
  /** How far words stick out from the axis. */
  left = 0;
  right = 0;

  rail(kind: "out" | "into", target: StateId): Rail {
    const known = this[kind].get(target);
    if (known !== undefined) return known;
    const rail = { y: 0, busy: false };
    if (this[kind] === none) this[kind] = new Map();
    this[kind].set(target, rail);
    return rail;
  }

  /** Decides every y inside, from the top down. `least` is the height that neighbours need. */
  measure(least: number): void {
    const empty = this.out.size === 0 && this.into.size === 0 && this.bus === null && !this.plus && !this.words;
    let y = empty ? 0 : 8;
    for (const rail of this.out.values()) {
      const h = rail.busy ? 28 : 14;
      rail.y = y + h / 2;
      y += h;
    }
    if (this.bus !== null) {
      this.bus.y = y + 14;
      y += 20;
    }
    if (this.lead) y = this.measureInto(y);
    if (this.words) {
      this.wordsY = y + 12;
      y += 24;
    }
    if (this.plus) {
      this.plusY = y + 11;
      y += 22;
    }
    if (!this.lead) y = this.measureInto(y);
    if (this.arrow && !empty) y += 14;
    this.height = Math.max(y, least);
  }

  private measureInto(from: number): number {
    if (this.into.size === 0) return from;
    let y = from + (!this.lead && (this.plus || this.words) ? 4 : 10);
    for (const rail of this.into.values()) {
      rail.y = y + 2;
      y += 14;
    }
    return y;
  }
}
