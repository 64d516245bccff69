import { bench, describe } from "vitest";
import { parseDefinition } from "../asl/parse";
import { layout } from "./layout";
import { longDefinition } from "./sample";

function graph(states: number) {
  const { graph } = parseDefinition(JSON.stringify(longDefinition(states)));
  if (graph === null) throw new Error("no graph");
  return graph;
}

// Five times the states: 5 times slower when the time is linear, 25 times when it is quadratic.
describe("a line of states is laid out", () => {
  const [small, large] = [graph(1000), graph(5000)];
  bench("1,000 states", () => void layout(small));
  bench("5,000 states", () => void layout(large));
});
