// What an item of the catalog is, and where its states go.
import type { Graph, Tone } from "../asl/model";
import { freeName } from "./names";
import type { Json } from "./refs";

export type Group = "flow" | "actions" | "patterns";

export interface Item {
  id: string;
  label: string;
  /** One line on what it is for. */
  hint: string;
  group: Group;
  icon: string;
  tone: Tone;
  /** Other words that people search with. */
  words: string;
  /** Nothing can follow it. */
  terminal?: boolean;
  make(at: Spot): Fragment;
}

/** Where the states of an item go. */
export interface Spot {
  /** The state that follows, null when the flow ends here. */
  next: string | null;
  jsonata: boolean;
  name(wish: string): string;
}

/** States to be put into a block; the first one is where the flow enters. */
export interface Fragment {
  states: [string, Json][];
}

/** Names for an item: free in the machine, and each given out once. */
export function spot(graph: Graph | null, next: string | null, jsonata: boolean): Spot {
  const taken = new Set<string>();
  return {
    next,
    jsonata,
    name: (wish) => {
      const name = freeName(graph, wish, taken);
      taken.add(name);
      return name;
    },
  };
}
