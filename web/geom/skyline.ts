/**
 * How far things stick out along a stretch: the largest of a range, raised over a range, both in O(log n).
 * Side channels ask it where they may run, and then stand in it themselves.
 */
export class Skyline {
  private readonly size: number;
  private readonly top: Float64Array;
  private readonly raised: Float64Array;

  constructor(heights: readonly number[]) {
    let size = 1;
    while (size < heights.length) size *= 2;
    this.size = size;
    this.top = new Float64Array(2 * size);
    this.raised = new Float64Array(2 * size);
    heights.forEach((h, i) => {
      this.top[size + i] = h;
    });
    for (let i = size - 1; i > 0; i--) this.top[i] = Math.max(this.at(this.top, 2 * i), this.at(this.top, 2 * i + 1));
  }

  /** The largest height between `from` and `to`, both included. */
  max(from: number, to: number, node = 1, lo = 0, hi = this.size - 1): number {
    if (to < lo || hi < from) return 0;
    if (from <= lo && hi <= to) return this.at(this.top, node);
    const mid = (lo + hi) >> 1;
    const inner = Math.max(this.max(from, to, 2 * node, lo, mid), this.max(from, to, 2 * node + 1, mid + 1, hi));
    return Math.max(this.at(this.raised, node), inner);
  }

  /** Makes everything between `from` and `to` at least `height` high. */
  raise(from: number, to: number, height: number, node = 1, lo = 0, hi = this.size - 1): void {
    if (to < lo || hi < from) return;
    this.top[node] = Math.max(this.at(this.top, node), height);
    if (from <= lo && hi <= to) {
      this.raised[node] = Math.max(this.at(this.raised, node), height);
      return;
    }
    const mid = (lo + hi) >> 1;
    this.raise(from, to, height, 2 * node, lo, mid);
    this.raise(from, to, height, 2 * node + 1, mid + 1, hi);
  }

  private at(list: Float64Array, i: number): number {
    return list[i] ?? 0;
  }
}
