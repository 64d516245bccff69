// What the pointer is doing: idle, pressing, dragging, connecting. Each is a
// state of its own; the machine below hands it what happens and takes the next.
import type { Graph, StateId } from "../asl/model";
import type { Item } from "../edit/catalog";
import { insertProblem } from "../edit/insert";
import type { Place } from "../edit/place";
import { moveProblem, touches } from "../edit/state";
import type { Layout, Point } from "../geom/types";
import { type Drop, dropAt, stateAt } from "./drop";

export interface Where {
  /** In the window. */
  x: number;
  y: number;
  /** In the picture; null when the pointer is not above the canvas. */
  point: Point | null;
}

/** What gestures need of the page. */
export interface Stage {
  readonly graph: Graph;
  readonly layout: Layout;
  readonly zoom: number;
  showDrop(id: string | null): void;
  /** The thing that hangs on the pointer; null takes it away. */
  showGhost(what: { label: string; icon: string; tone: string } | null, where: Where): void;
  /** The line from a state to the pointer, and the state it would reach. */
  showLine(from: StateId | null, where: Where, target: StateId | null): void;
  insert(item: Item, place: Place): void;
  move(id: StateId, place: Place): void;
  connect(from: StateId, to: StateId): void;
  /** A line let go on the ground: adds something there. */
  connectNew(from: StateId, where: Where): void;
  canConnect(from: StateId, to: StateId): boolean;
  /** Says why nothing happened. */
  say(text: string): void;
}

export interface Gesture {
  readonly name: "idle" | "pressing" | "dragging" | "connecting";
  onMove(where: Where): Gesture;
  onUp(where: Where): Gesture;
  onCancel(): Gesture;
}

/** What can be dragged. */
export type Load = { kind: "item"; item: Item } | { kind: "state"; id: StateId };

const slack = 5;
const reach = 44;

export class Idle implements Gesture {
  readonly name = "idle";
  onMove(): Gesture {
    return this;
  }
  onUp(): Gesture {
    return this;
  }
  onCancel(): Gesture {
    return this;
  }
}

/** A button is down; it becomes a drag when the pointer moves away. */
export class Pressing implements Gesture {
  readonly name = "pressing";
  constructor(
    readonly stage: Stage,
    readonly load: Load,
    readonly from: Where,
  ) {}

  onMove(where: Where): Gesture {
    if (Math.hypot(where.x - this.from.x, where.y - this.from.y) < slack) return this;
    return new Dragging(this.stage, this.load).onMove(where);
  }
  onUp(): Gesture {
    return new Idle();
  }
  onCancel(): Gesture {
    return new Idle();
  }
}

/** Something hangs on the pointer; the line that would take it is marked. */
export class Dragging implements Gesture {
  readonly name = "dragging";
  #drop: Drop | null = null;

  constructor(
    readonly stage: Stage,
    readonly load: Load,
  ) {}

  onMove(where: Where): Gesture {
    const { stage, load } = this;
    stage.showGhost(look(stage.graph, load), where);
    this.#drop =
      where.point === null
        ? null
        : dropAt(stage.layout, where.point, reach / Math.min(1, stage.zoom), (place) => this.#takes(place));
    stage.showDrop(this.#drop?.id ?? null);
    return this;
  }

  onUp(where: Where): Gesture {
    const { stage, load } = this;
    const drop = this.#drop;
    this.#clear(where);
    if (drop && load.kind === "item") stage.insert(load.item, drop.place);
    else if (drop && load.kind === "state") stage.move(load.id, drop.place);
    else if (where.point !== null) this.#explain(where.point);
    return new Idle();
  }

  onCancel(): Gesture {
    this.#clear({ x: 0, y: 0, point: null });
    return new Idle();
  }

  #takes(place: Place): boolean {
    return this.#problem(place) === null;
  }

  #problem(place: Place): string | null {
    const { load } = this;
    const { graph } = this.stage;
    if (load.kind === "item") return insertProblem(graph, place, load.item);
    if (touches(graph, load.id, place)) return "";
    return moveProblem(graph, load.id, place);
  }

  /** Let go where a line is near that does not take it: says why. */
  #explain(point: Point): void {
    const near = dropAt(this.stage.layout, point, reach / 2, () => true);
    const problem = near && this.#problem(near.place);
    if (problem) this.stage.say(problem);
  }

  #clear(where: Where): void {
    this.stage.showGhost(null, where);
    this.stage.showDrop(null);
  }
}

/** A line hangs between a state and the pointer. */
export class Connecting implements Gesture {
  readonly name = "connecting";
  #target: StateId | null = null;

  constructor(
    readonly stage: Stage,
    readonly from: StateId,
  ) {}

  onMove(where: Where): Gesture {
    const { stage, from } = this;
    const over = where.point === null ? null : stateAt(stage.layout, stage.graph, where.point);
    this.#target = over !== null && stage.canConnect(from, over) ? over : null;
    stage.showLine(from, where, this.#target);
    return this;
  }

  onUp(where: Where): Gesture {
    const { stage, from } = this;
    stage.showLine(null, where, null);
    const over = where.point === null ? null : stateAt(stage.layout, stage.graph, where.point);
    if (this.#target !== null) stage.connect(from, this.#target);
    else if (over !== null && over !== from) stage.connect(from, over);
    else if (over === null && where.point !== null) stage.connectNew(from, where);
    return new Idle();
  }

  onCancel(): Gesture {
    this.stage.showLine(null, { x: 0, y: 0, point: null }, null);
    return new Idle();
  }
}

function look(graph: Graph, load: Load): { label: string; icon: string; tone: string } {
  if (load.kind === "item") return { label: load.item.label, icon: load.item.icon, tone: load.item.tone };
  const state = graph.states.get(load.id);
  return { label: state?.name ?? load.id, icon: state?.icon ?? "circle", tone: state?.tone ?? "task" };
}
