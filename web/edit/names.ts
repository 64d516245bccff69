import type { Graph, StateId } from "../asl/model";

const maxName = 80;

/** A name that no state of the machine has: the wish itself, or the wish with the next free number. */
export function freeName(graph: Graph | null, wish: string, taken: ReadonlySet<string> = new Set()): string {
  const used = (n: string): boolean => taken.has(n) || (graph?.states.has(n) ?? false);
  if (!used(wish)) return wish;
  const stem = wish.replace(/ \d+$/, "").slice(0, maxName - 5);
  for (let n = 2; ; n++) {
    const name = `${stem} ${n}`;
    if (!used(name)) return name;
  }
}

/** Says what is wrong with a name and what to do, or null. */
export function nameProblem(graph: Graph, id: StateId | null, name: string): string | null {
  if (name.trim() === "") return "A state needs a name. Type one.";
  const length = [...name].length;
  if (length > maxName) return `A name has at most ${maxName} characters, this one has ${length}. Shorten it.`;
  if (name !== id && graph.states.has(name)) return `Another state is called “${name}”. Choose another name.`;
  return null;
}
