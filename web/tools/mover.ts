// Move mode: what a drag does, by keyboard. Arrows choose a place, Enter puts
// the state there, Escape leaves everything as it was.
import type { StateId } from "../asl/model";
import type { Canvas } from "../canvas/canvas";
import type { Place } from "../edit/place";
import { moveProblem, touches } from "../edit/state";
import type { Layout } from "../geom/types";
import type { Session } from "../panels/session";
import { allDrops, type Drop } from "./drop";

export class Mover {
  #id: StateId | null = null;
  #drops: Drop[] = [];
  #at = 0;

  constructor(
    readonly canvas: Canvas,
    readonly session: Session,
    readonly layoutOf: () => Layout | null,
    readonly move: (id: StateId, place: Place) => void,
  ) {}

  get active(): boolean {
    return this.#id !== null;
  }

  start(id: StateId): void {
    const graph = this.session.graph;
    const layout = this.layoutOf();
    const box = layout?.nodes.get(id);
    if (!graph || !layout || !box) return;
    const middle = { x: box.x + box.w / 2, y: box.y + box.h / 2 };
    const found = allDrops(layout).filter(
      ({ drop }) => !touches(graph, id, drop.place) && moveProblem(graph, id, drop.place) === null,
    );
    this.#drops = found.map((f) => f.drop);
    if (this.#drops.length === 0) {
      this.session.say(`There is no other place for “${id}”.`);
      return;
    }
    const nearest = found.toSorted((a, b) => a.near(middle) - b.near(middle))[0];
    this.#id = id;
    this.#at = nearest ? found.indexOf(nearest) : 0;
    this.canvas.el.classList.add("moving");
    this.#show(`Move ${id}: arrows choose a place, Enter puts it there, Escape leaves it. `);
  }

  /** Takes a key while a state is being moved; false when it is not for this. */
  key(e: KeyboardEvent): boolean {
    const id = this.#id;
    if (id === null) return false;
    switch (e.key) {
      case "ArrowDown":
      case "ArrowRight":
        this.#at = (this.#at + 1) % this.#drops.length;
        this.#show();
        break;
      case "ArrowUp":
      case "ArrowLeft":
        this.#at = (this.#at - 1 + this.#drops.length) % this.#drops.length;
        this.#show();
        break;
      case "Enter": {
        const drop = this.#drops[this.#at];
        this.stop();
        if (drop) this.move(id, drop.place);
        break;
      }
      case "Escape":
        this.stop();
        this.canvas.announce(`${id} stays where it is.`);
        break;
      default:
        return !(e.ctrlKey || e.metaKey || e.altKey);
    }
    return true;
  }

  stop(): void {
    this.#id = null;
    this.canvas.el.classList.remove("moving");
    this.canvas.showDrop(null);
  }

  #show(lead = ""): void {
    const drop = this.#drops[this.#at];
    if (!drop) return;
    this.canvas.showDrop(drop.id);
    const { place } = drop;
    const near =
      place.kind === "edge" ? place.edge.to : place.kind === "after" || place.kind === "before" ? place.state : null;
    if (near !== null && this.session.graph?.states.has(near)) this.canvas.reveal(near);
    this.canvas.announce(`${lead}${drop.words}, place ${this.#at + 1} of ${this.#drops.length}`);
  }
}
