/** Sizes of gaps, lanes and sequences from the inside out, then places from the outside in. */
import type { ForkItem, Regions, Seq } from "./regions";
import { Skyline } from "./skyline";
import { labelWidth } from "./text";

const laneGap = 40;
const trackStep = 16;

/** Measures every sequence: heights, extents to both sides of the axis, offsets of tracks and lanes. */
export function measure(regions: Regions): void {
  for (const seq of regions.all.toReversed()) {
    for (const item of seq.items) if (item.kind === "fork") measureFork(item);
    seq.items.forEach((item, i) => {
      const gap = seq.gaps[i];
      if (item.kind !== "fork" || gap === undefined) return;
      gap.words = item.lanes.some((l) => l.drop && l.label !== "");
      gap.plus = true;
      gap.arrow = true;
    });
    measureGaps(seq);
    measureSides(seq);
  }
}

function measureGaps(seq: Seq): void {
  let y = 0;
  seq.gaps.forEach((gap, i) => {
    const between = i > 0 && i < seq.items.length;
    gap.measure(between ? 44 : 0);
    gap.y = y;
    y += gap.height + (seq.items[i]?.h ?? 0);
  });
  seq.height = y;
}

function measureFork(fork: ForkItem): void {
  let x = 0;
  const ports: number[] = [];
  fork.lanes.forEach((lane, i) => {
    const half = labelWidth(lane.label) / 2 + 6;
    const left = Math.max(lane.seq?.left ?? 110, half);
    const right = Math.max(lane.seq?.right ?? 110, half);
    if (i > 0) x += laneGap;
    ports.push(x + left);
    x += left + right;
  });
  const first = ports[0] ?? 0;
  const last = ports.at(-1) ?? 0;
  const middle = (first + last) / 2;
  // A lane that stands almost in the middle stands in the middle.
  const axis =
    fork.spine >= 0 ? (ports[fork.spine] ?? first) : (ports.find((p) => Math.abs(p - middle) < 60) ?? middle);
  fork.h = Math.max(...fork.lanes.map((l) => l.seq?.height ?? 0));
  fork.lanes.forEach((lane, i) => {
    const offset = (ports[i] ?? 0) - axis;
    lane.offset = offset;
    if (lane.seq === null) lane.port.dx = offset;
    const alone = fork.lanes.every((_, k) => k === i || Math.sign((ports[k] ?? 0) - axis) !== Math.sign(offset));
    lane.drop = !(alone && Math.abs(offset) >= labelWidth(lane.label) + 40);
  });
  // Two ways look alike: both have their words on the horizontal, or both on the drop.
  if (fork.lanes.length === 2 && fork.spine < 0 && fork.lanes.some((l) => l.drop))
    for (const lane of fork.lanes) lane.drop = true;
  fork.left = axis;
  fork.right = x - axis;
}

function measureSides(seq: Seq): void {
  const left: number[] = [];
  const right: number[] = [];
  seq.gaps.forEach((gap, i) => {
    left.push(gap.left);
    right.push(gap.right);
    const item = seq.items[i];
    if (item === undefined) return;
    left.push(item.kind === "fork" ? item.left : item.w / 2);
    right.push(item.kind === "fork" ? item.right : item.w / 2 + item.beside);
  });
  const sides = { left: new Skyline(left), right: new Skyline(right) };
  // Short ways run inside long ones.
  const tracks = [...seq.tracks.values()].sort((a, b) => a.to - a.from - (b.to - b.from));
  for (const track of tracks) {
    const sky = sides[track.side];
    const x = sky.max(track.from, track.to) + trackStep;
    sky.raise(track.from, track.to, x);
    track.dx = track.side === "left" ? -x : x;
  }
  const edge = (sky: Skyline): number => sky.max(0, left.length - 1);
  seq.left = edge(sides.left) + (seq.tracks.size > 0 ? 4 : 0);
  seq.right = edge(sides.right) + (seq.tracks.size > 0 ? 4 : 0);
}

/** Gives every sequence below `root` its place, once the root has one. */
export function place(all: readonly Seq[]): void {
  for (const seq of all) {
    seq.items.forEach((item, i) => {
      if (item.kind !== "fork") return;
      const gap = seq.gaps[i];
      const y = seq.y + (gap?.y ?? 0) + (gap?.height ?? 0);
      for (const lane of item.lanes) {
        if (lane.seq === null) continue;
        lane.seq.x = seq.x + lane.offset;
        lane.seq.y = y;
      }
    });
  }
}
