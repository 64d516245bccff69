/** The forward part of a flow: order, back edges left out, and who dominates whom. */

export interface Flow {
  /** Nodes in topological order of the forward edges; the first is the head. */
  order: number[];
  /** Dominator children of each node, in that order. */
  children: Map<number, number[]>;
  /** Distinct forward predecessors. */
  before: Map<number, number[]>;
}

/** Walks from `head` over `next`, staying inside `free`. No recursion: flows may be thousands deep. */
export function flowFrom(head: number, next: (n: number) => readonly number[], free: (n: number) => boolean): Flow {
  const { order, before } = walk(head, next, free);
  const place = new Map(order.map((n, i) => [n, i]));
  const depth: number[] = [0];
  const up: number[] = [0];
  const jump: number[] = [0];
  const children = new Map<number, number[]>();
  for (let i = 1; i < order.length; i++) {
    const n = order[i] ?? head;
    let dom = -1;
    for (const p of before.get(n) ?? []) {
      const at = place.get(p) ?? 0;
      dom = dom < 0 ? at : common(dom, at, depth, up, jump);
    }
    dom = Math.max(dom, 0);
    const j = jump[dom] ?? 0;
    const level = (k: number): number => depth[k] ?? 0;
    depth[i] = level(dom) + 1;
    up[i] = dom;
    // Skips of doubling length, so that two nodes meet in O(log n) steps.
    jump[i] = level(dom) - level(j) === level(j) - level(jump[j] ?? 0) ? (jump[j] ?? 0) : dom;
    const parent = order[dom] ?? head;
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [n]);
    else siblings.push(n);
  }
  return { order, children, before };
}

function common(a: number, b: number, depth: number[], up: number[], jump: number[]): number {
  const level = (k: number): number => depth[k] ?? 0;
  const [deep, shallow] = level(a) >= level(b) ? [a, b] : [b, a];
  let d = deep;
  let s = shallow;
  while (level(d) > level(s)) d = level(jump[d] ?? 0) >= level(s) ? (jump[d] ?? 0) : (up[d] ?? 0);
  while (d !== s) {
    const apart = jump[d] !== jump[s];
    d = (apart ? jump[d] : up[d]) ?? 0;
    s = (apart ? jump[s] : up[s]) ?? 0;
  }
  return d;
}

function walk(
  head: number,
  next: (n: number) => readonly number[],
  free: (n: number) => boolean,
): { order: number[]; before: Map<number, number[]> } {
  const open = 1;
  const closed = 2;
  const state = new Map<number, number>([[head, open]]);
  const before = new Map<number, number[]>([[head, []]]);
  const order: number[] = [];
  // The first way out is walked last and so ends up first.
  const stack: { n: number; to: readonly number[]; left: number }[] = [];
  const enter = (n: number): void => {
    const to = next(n);
    stack.push({ n, to, left: to.length });
  };
  enter(head);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const to = top.to[--top.left];
    if (to === undefined) {
      state.set(top.n, closed);
      order.push(top.n);
      stack.pop();
    } else if (free(to) && state.get(to) !== open) {
      const known = before.get(to);
      if (known === undefined) before.set(to, [top.n]);
      else known.push(top.n);
      if (state.get(to) === undefined) {
        state.set(to, open);
        enter(to);
      }
    }
  }
  order.reverse();
  return { order, before };
}
