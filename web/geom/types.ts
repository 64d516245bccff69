/** What layout gives to drawing: boxes and routes in world units (CSS pixels at zoom 1). */
import type { BlockId, Edge, StateId } from "../asl/model";

export { routeId as routeName } from "../asl/model";

export interface Point {
  x: number;
  y: number;
}

export interface Box extends Point {
  w: number;
  h: number;
}

export interface NodeBox extends Box {
  id: StateId;
  container: boolean;
}

export interface Label extends Point {
  /** Centre of the words is at x, y. */
  text: string;
  w: number;
}

export interface Route {
  id: string;
  edge: Edge;
  points: Point[];
  label?: Label;
  /** Where "+" stands: a state put here comes between `from` and `to`. */
  plus?: Point;
}

/** An empty block: a place to drop the first state. */
export interface Slot extends Box {
  block: BlockId;
}

/** A place to add a state where there is no edge: after a state that goes nowhere, or first in a block. */
export interface Tail extends Point {
  kind: "after" | "first";
  block: BlockId;
  state: StateId;
}

/** The area of a block inside its container; the dashed separators stand between them. */
export interface BlockArea extends Box {
  block: BlockId;
}

export interface Layout {
  nodes: Map<StateId, NodeBox>;
  start: Box;
  end?: Box;
  edges: Route[];
  slots: Slot[];
  tails: Tail[];
  areas: BlockArea[];
  width: number;
  height: number;
}

export const NODE_W = 220;
export const NODE_H = 56;
/** Height of a container's title row. */
export const TITLE_H = 46;
export const START_W = 80;
export const START_H = 28;
