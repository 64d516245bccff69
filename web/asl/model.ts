/** What a definition says, as records: states, the blocks they live in, and the edges between them. */

export type StateId = string;
/** "" is the root, "Fulfil/0" a branch of Fulfil, "Each/items" the processor of Each. */
export type BlockId = string;

export type StateType = "Task" | "Pass" | "Choice" | "Wait" | "Succeed" | "Fail" | "Parallel" | "Map";

export const stateTypes: readonly StateType[] = [
  "Task",
  "Pass",
  "Choice",
  "Wait",
  "Succeed",
  "Fail",
  "Parallel",
  "Map",
];

export type EdgeKind = "start" | "next" | "choice" | "default" | "catch";

export interface Edge {
  from: StateId;
  to: StateId;
  kind: EdgeKind;
  /** Place among the edges of its kind: the rule's or the catcher's number. */
  index: number;
  label: string;
}

/** The `from` of the edge that leads from the Start pill to the first state. */
export const START: StateId = "";

/** Colour family of a state: the class `tone-…` of words.css. */
export type Tone = "task" | "human" | "choice" | "parallel" | "map" | "wait" | "pass" | "succeed" | "fail";

export interface StateRec {
  id: StateId;
  /** As written; differs from `id` only when the same name stands twice. */
  name: string;
  type: StateType | "Unknown";
  block: BlockId;
  json: Record<string, unknown>;
  edges: Edge[];
  end: boolean;
  blocks: BlockId[];
  /** One line: "HTTP · payments", "Choice · 2 rules". */
  meaning: string;
  icon: string;
  tone: Tone;
  /** Offsets in the text of the property, name included. */
  range: [number, number];
  retriers: number;
}

export interface Block {
  id: BlockId;
  owner: StateId | null;
  startAt: StateId | null;
  states: StateId[];
  /** JSON path of the object that has StartAt and States. */
  pointer: (string | number)[];
}

export interface Graph {
  blocks: Map<BlockId, Block>;
  states: Map<StateId, StateRec>;
  startAt: StateId | null;
  json: unknown;
}

/** A problem of the text or its structure; `kind` "syntax" means that there is no graph. */
export interface ParseError {
  offset: number;
  length: number;
  message: string;
  kind: "syntax" | "structure";
}

/** The name of an edge: the same in every layout of the same definition. */
export function routeId(edge: Pick<Edge, "from" | "kind" | "index">): string {
  return `${edge.kind}:${edge.index}:${edge.from}`;
}
