/**
 * Definition text → Graph. Tolerant: what is missing or unknown is kept as it is and reported, so that a
 * half-written definition can be drawn. Names are looked up in Maps and own members only: a state may be
 * called "__proto__".
 */
import { getNodeValue, type ParseError as JsonError, type Node, parseTree, printParseErrorCode } from "jsonc-parser";
import { catchLabel, isObject, own, ruleLabel } from "./choice";
import { meaningOf } from "./meaning";
import {
  type Block,
  type BlockId,
  type Edge,
  type Graph,
  type ParseError,
  type StateId,
  type StateRec,
  type StateType,
  stateTypes,
} from "./model";

export interface Parsed {
  /** Null when the text is not JSON, or not an object. */
  graph: Graph | null;
  errors: ParseError[];
}

interface Job {
  id: BlockId;
  owner: StateId | null;
  node: Node;
  json: unknown;
  pointer: (string | number)[];
}

/** Reads a definition. Never throws. */
export function parseDefinition(text: string): Parsed {
  const found: JsonError[] = [];
  let root: Node | undefined;
  try {
    root = parseTree(text, found, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false });
  } catch (e) {
    if (!(e instanceof RangeError)) throw e;
    return { graph: null, errors: [{ offset: 0, length: 0, message: "Nested too deeply", kind: "syntax" }] };
  }
  if (found.length > 0) return { graph: null, errors: found.map(syntaxError) };
  if (root?.type !== "object") {
    return {
      graph: null,
      errors: [{ offset: 0, length: text.length, message: "A definition is a JSON object", kind: "syntax" }],
    };
  }
  return new Reader(root).read();
}

class Reader {
  private readonly blocks = new Map<BlockId, Block>();
  private readonly states = new Map<StateId, StateRec>();
  private readonly errors: ParseError[] = [];
  private readonly json: unknown;

  constructor(private readonly root: Node) {
    this.json = getNodeValue(root);
  }

  read(): Parsed {
    const jobs: Job[] = [{ id: "", owner: null, node: this.root, json: this.json, pointer: [] }];
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      // Parents first, in the order of the text: a block's own blocks go before the rest.
      jobs.unshift(...this.block(job));
    }
    const graph: Graph = {
      blocks: this.blocks,
      states: this.states,
      startAt: this.blocks.get("")?.startAt ?? null,
      json: this.json,
    };
    return { graph, errors: this.errors };
  }

  private block(job: Job): Job[] {
    const block: Block = { id: job.id, owner: job.owner, startAt: null, states: [], pointer: job.pointer };
    this.blocks.set(job.id, block);
    const inner: Job[] = [];
    const names = new Map<string, StateId>();
    const nodes = new Map<StateId, Node>();
    const states = member(job.node, "States");
    const values = isObject(job.json) ? own(job.json, "States") : undefined;
    if (states !== undefined && states.type !== "object")
      this.complain(states, "States is an object: one member per state");
    const properties = states?.type === "object" ? (states.children ?? []) : [];
    for (const property of properties) {
      const [key, value] = property.children ?? [];
      if (key === undefined || value === undefined) continue;
      const name = String(key.value);
      const twice = names.has(name);
      const json = twice ? getNodeValue(value) : isObject(values) ? own(values, name) : undefined;
      const rec = this.state(name, job.id, property, isObject(json) ? json : Object.create(null));
      if (value.type !== "object") this.complain(value, `State "${name}" is an object`);
      if (twice || rec.id !== name) this.complain(key, `The name "${name}" is used twice`);
      if (!twice) names.set(name, rec.id);
      block.states.push(rec.id);
      nodes.set(rec.id, value);
      inner.push(...this.inner(rec, value, [...job.pointer, "States", name]));
    }
    this.start(job, block, names);
    for (const id of block.states) this.edges(id, nodes.get(id), names);
    return inner;
  }

  private state(name: string, block: BlockId, property: Node, json: Record<string, unknown>): StateRec {
    let id = name;
    for (let n = 2; this.states.has(id); n++) id = `${name} (${n})`;
    const written = own(json, "Type");
    const type = stateTypes.find((t): t is StateType => t === written) ?? "Unknown";
    if (type === "Unknown")
      this.complain(
        property,
        written === undefined ? `State "${name}" has no Type` : `State "${name}" has an unknown Type`,
      );
    const retry = own(json, "Retry");
    const rec: StateRec = {
      id,
      name,
      type,
      block,
      json,
      edges: [],
      end: own(json, "End") === true || type === "Succeed" || type === "Fail",
      blocks: [],
      range: [property.offset, property.offset + property.length],
      retriers: Array.isArray(retry) ? retry.length : 0,
      ...meaningOf(type, json),
    };
    this.states.set(id, rec);
    return rec;
  }

  private inner(rec: StateRec, node: Node, pointer: (string | number)[]): Job[] {
    const jobs: Job[] = [];
    const add = (id: BlockId, inside: Node, json: unknown, at: (string | number)[]): void => {
      rec.blocks.push(id);
      jobs.push({ id, owner: rec.id, node: inside, json, pointer: [...pointer, ...at] });
    };
    if (rec.type === "Parallel") {
      const values = own(rec.json, "Branches");
      const branches = member(node, "Branches");
      (branches?.type === "array" ? (branches.children ?? []) : []).forEach((branch, i) => {
        add(`${rec.id}/${i}`, branch, Array.isArray(values) ? values[i] : undefined, ["Branches", i]);
      });
    } else if (rec.type === "Map") {
      const key = member(node, "ItemProcessor") === undefined ? "Iterator" : "ItemProcessor";
      const processor = member(node, key);
      if (processor !== undefined) add(`${rec.id}/items`, processor, own(rec.json, key), [key]);
    }
    return jobs;
  }

  private start(job: Job, block: Block, names: Map<string, StateId>): void {
    const node = member(job.node, "StartAt");
    const name = isObject(job.json) ? own(job.json, "StartAt") : undefined;
    if (typeof name !== "string") {
      if (block.states.length > 0)
        this.complain(node ?? job.node, "StartAt names the first state", node === undefined ? 1 : undefined);
      return;
    }
    block.startAt = names.get(name) ?? null;
    if (block.startAt === null && node !== undefined)
      this.complain(node, `StartAt names "${name}", which does not exist here`);
  }

  private edges(id: StateId, node: Node | undefined, names: Map<string, StateId>): void {
    const rec = this.states.get(id);
    if (rec === undefined || node === undefined) return;
    const add = (kind: Edge["kind"], index: number, label: string, target: unknown, at: Node | undefined): void => {
      if (typeof target !== "string") return;
      const to = names.get(target);
      if (to !== undefined) rec.edges.push({ from: id, to, kind, index, label });
      else this.complain(at ?? node, `"${rec.name}" goes to "${target}", which does not exist here`);
    };
    if (rec.type === "Choice") {
      each(rec.json, node, "Choices", (rule, at, i) =>
        add("choice", i, ruleLabel(rule), own(rule, "Next"), member(at, "Next")),
      );
      add("default", 0, "otherwise", own(rec.json, "Default"), member(node, "Default"));
    } else if (rec.type !== "Succeed" && rec.type !== "Fail") {
      add("next", 0, "", own(rec.json, "Next"), member(node, "Next"));
    }
    if (rec.type === "Task" || rec.type === "Parallel" || rec.type === "Map") {
      each(rec.json, node, "Catch", (catcher, at, i) =>
        add("catch", i, catchLabel(catcher), own(catcher, "Next"), member(at, "Next")),
      );
    }
  }

  private complain(node: Node, message: string, length?: number): void {
    this.errors.push({ offset: node.offset, length: length ?? node.length, message, kind: "structure" });
  }
}

/** Calls back for each object of a list, with its node. */
function each(
  json: Record<string, unknown>,
  node: Node,
  key: string,
  fn: (item: Record<string, unknown>, at: Node, index: number) => void,
): void {
  const values = own(json, key);
  const list = member(node, key);
  if (!Array.isArray(values) || list?.type !== "array") return;
  list.children?.forEach((at, i) => {
    const item: unknown = values[i];
    if (isObject(item)) fn(item, at, i);
  });
}

/** The value node of a member; of a member that stands twice, the last, as JSON readers take it. */
function member(node: Node, key: string): Node | undefined {
  if (node.type !== "object") return undefined;
  return node.children?.findLast((p) => p.children?.[0]?.value === key)?.children?.[1];
}

function syntaxError(e: JsonError): ParseError {
  const words = printParseErrorCode(e.error).replace(
    /([a-z])([A-Z])/g,
    (_, a: string, b: string) => `${a} ${b.toLowerCase()}`,
  );
  return { offset: e.offset, length: e.length, message: words.replace("symbol", "character"), kind: "syntax" };
}
