/** The outline in the page: one treeitem for each state, in step with the drawing. */
import type { Graph, StateId } from "../asl/model";
import type { StateRun } from "../live/overlay";
import { statusWords } from "./draw";
import { type Direction, type Entry, labelOf, outline, Walker } from "./outline";

const keys: ReadonlyMap<string, Direction> = new Map([
  ["ArrowUp", "up"],
  ["ArrowDown", "down"],
  ["ArrowLeft", "left"],
  ["ArrowRight", "right"],
  ["Home", "first"],
  ["End", "last"],
]);

/** Items made at once; a large outline comes in portions. */
const portion = 400;

export interface TreeEvents {
  move: (id: StateId) => void;
  open: (id: StateId) => void;
  focus: (id: StateId | null) => void;
}

export class Tree {
  readonly el: HTMLElement;
  private graph: Graph | null = null;
  private walker: Walker | null = null;
  private readonly items = new Map<StateId, HTMLElement>();
  private readonly ids = new Map<HTMLElement, StateId>();
  private current: StateId | null = null;
  private selected: StateId | null = null;
  private roving: HTMLElement | null = null;
  private filling: Generator<void, void> | null = null;
  private problems = new Map<StateId, number>();
  private runs: ReadonlyMap<StateId, StateRun> | null = null;
  /** The status that each item's label says. */
  private readonly told = new Map<StateId, string>();

  constructor(
    name: string,
    private readonly events: TreeEvents,
  ) {
    this.el = document.createElement("div");
    this.el.className = "canvas-outline";
    this.el.setAttribute("role", "tree");
    this.el.setAttribute("aria-label", name);
    this.el.addEventListener("keydown", (e) => this.key(e));
    // The ring is for the keyboard; a click shows what it chose anyway.
    this.el.addEventListener("focusin", (e) => {
      const item = e.target instanceof HTMLElement && e.target.matches(":focus-visible") ? e.target : null;
      this.events.focus(item === null ? null : (this.ids.get(item) ?? null));
    });
    this.el.addEventListener("focusout", () => this.events.focus(null));
  }

  setGraph(graph: Graph): void {
    this.graph = graph;
    const entries = outline(graph);
    this.walker = new Walker(graph, entries);
    const held = document.activeElement instanceof HTMLElement ? this.ids.get(document.activeElement) : undefined;
    for (const [id, item] of this.items) {
      if (graph.states.has(id)) continue;
      item.remove();
      this.items.delete(id);
      this.ids.delete(item);
    }
    this.filling = this.fill(graph, entries);
    this.more(entries.length > 2 * portion ? portion : entries.length);
    if (this.current === null || !this.items.has(this.current)) this.current = entries[0]?.id ?? null;
    this.rove();
    if (held !== undefined && this.items.has(held)) this.items.get(held)?.focus({ preventScroll: true });
  }

  /** Puts the items in order, one at a time. */
  private *fill(graph: Graph, entries: readonly Entry[]): Generator<void, void> {
    let previous: HTMLElement | null = null;
    for (const entry of entries) {
      const item = this.item(entry.id);
      const expected: ChildNode | null = previous === null ? this.el.firstChild : previous.nextSibling;
      if (item !== expected) this.el.insertBefore(item, expected);
      set(item, "aria-level", String(entry.level));
      set(item, "aria-posinset", String(entry.position));
      set(item, "aria-setsize", String(entry.size));
      if ((graph.states.get(entry.id)?.blocks.length ?? 0) > 0) set(item, "aria-expanded", "true");
      else item.removeAttribute("aria-expanded");
      this.describe(entry.id);
      previous = item;
      yield;
    }
  }

  /** Goes on filling; what is left of a large outline follows when the page has time. */
  private more(count: number): void {
    const filling = this.filling;
    for (let i = 0; i < count; i++) {
      if (filling?.next().done === true) {
        this.filling = null;
        return;
      }
    }
    setTimeout(() => {
      if (this.filling === filling && filling !== null) this.more(portion);
    }, 0);
  }

  setProblems(problems: Map<StateId, number>): void {
    const touched = new Set([...this.problems.keys(), ...problems.keys()]);
    this.problems = problems;
    for (const id of touched) this.describe(id);
  }

  setRuns(runs: ReadonlyMap<StateId, StateRun> | null): void {
    const before = this.runs;
    this.runs = runs;
    if ((before === null) !== (runs === null)) {
      for (const id of this.items.keys()) this.describe(id);
      return;
    }
    for (const [id, run] of runs ?? []) if (this.told.get(id) !== run.status) this.describe(id);
  }

  select(id: StateId | null, focus: boolean): void {
    if (id !== null && !this.items.has(id)) this.more(Number.POSITIVE_INFINITY);
    const before = this.selected === null ? undefined : this.items.get(this.selected);
    if (before !== undefined) set(before, "aria-selected", "false");
    const now = id === null ? undefined : this.items.get(id);
    if (now !== undefined) set(now, "aria-selected", "true");
    this.selected = id;
    if (id !== null && this.items.has(id)) this.current = id;
    this.rove();
    if (focus && this.current !== null) this.items.get(this.current)?.focus({ preventScroll: true });
  }

  get focused(): boolean {
    return this.el.contains(document.activeElement);
  }

  /** The state that an arrow key leads to. */
  next(id: StateId, direction: Direction): StateId | null {
    return this.walker?.go(id, direction) ?? null;
  }

  private item(id: StateId): HTMLElement {
    const known = this.items.get(id);
    if (known !== undefined) return known;
    const item = document.createElement("div");
    item.setAttribute("role", "treeitem");
    item.setAttribute("aria-selected", "false");
    item.tabIndex = -1;
    this.items.set(id, item);
    this.ids.set(item, id);
    return item;
  }

  private describe(id: StateId): void {
    const item = this.items.get(id);
    const rec = this.graph?.states.get(id);
    const entry = this.walker?.entry(id);
    if (item === undefined || rec === undefined || entry === undefined || this.graph === null) return;
    const run = this.runs?.get(id);
    this.told.set(id, run?.status ?? "idle");
    const status = this.runs === null ? "" : statusWords[run?.status ?? "idle"].toLowerCase();
    set(item, "aria-label", labelOf(this.graph, rec, entry, this.problems.get(id) ?? 0, status));
  }

  private rove(): void {
    const item = this.current === null ? null : (this.items.get(this.current) ?? null);
    if (this.roving === item) return;
    if (this.roving !== null) this.roving.tabIndex = -1;
    if (item !== null) item.tabIndex = 0;
    this.roving = item;
  }

  private key(e: KeyboardEvent): void {
    if (e.ctrlKey || e.metaKey || e.altKey || e.shiftKey || e.defaultPrevented) return;
    const id = e.target instanceof HTMLElement ? this.ids.get(e.target) : undefined;
    if (id === undefined) return;
    const direction = keys.get(e.key);
    if (direction !== undefined) {
      e.preventDefault();
      const to = this.next(id, direction);
      if (to !== null && to !== id) this.events.move(to);
    } else if (e.key === "Enter") {
      e.preventDefault();
      this.events.open(id);
    } else if (e.key === " ") {
      e.preventDefault();
      this.events.move(id);
    }
  }
}

function set(el: HTMLElement, name: string, value: string): void {
  if (el.getAttribute(name) !== value) el.setAttribute(name, value);
}
