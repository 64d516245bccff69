import type { StateId } from "../asl/model";
import type { Doc } from "../doc/doc";
import type { JsonPath } from "../doc/json";
import type { Tx } from "../doc/tx";
import { setNext } from "./place";
import { statePath } from "./refs";

/** Sets one field of a state by its path inside the state; undefined removes it. `merge` joins keystrokes into one entry. */
export function setField(doc: Doc, id: StateId, path: JsonPath, value: unknown, merge?: string): boolean {
  const home = statePath(doc.graph!, id);
  const what = path.filter((p) => typeof p === "string").at(-1);
  return doc.transact(`Change ${what} of ${id}`, (tx) => setDeep(tx, [...home, ...path], value), {
    origin: "field",
    ...(merge ? { merge } : {}),
  });
}

/** Sets a field of the machine itself. */
export function setMachineField(doc: Doc, path: JsonPath, value: unknown, merge?: string): boolean {
  return doc.transact(`Change ${path.at(-1)}`, (tx) => setMachine(tx, path, value), {
    origin: "field",
    ...(merge ? { merge } : {}),
  });
}

function setMachine(tx: Tx, path: JsonPath, value: unknown): void {
  const first = tx.keys([])[0];
  if (value !== undefined && path.length === 1 && !tx.has(path) && first !== undefined && path[0] === "Comment") {
    tx.insertBefore(path, value, first);
  } else {
    tx.set(path, value);
  }
}

/** Replaces one field by others in its place: the forms of a Wait, Error or ErrorPath. */
export function swapField(doc: Doc, id: StateId, from: readonly string[], to: string, value: unknown): void {
  const home = statePath(doc.graph!, id);
  doc.transact(`Change ${to} of ${id}`, (tx) => {
    const there = from.filter((f) => tx.has([...home, f]));
    const keep = there[0];
    if (keep !== undefined && keep !== to) tx.rename([...home, keep], to);
    for (const f of there.slice(1)) if (f !== to) tx.remove([...home, f]);
    tx.set([...home, to], value);
  });
}

/** Makes a state go on to another one, or end the flow with null. */
export function setFollower(doc: Doc, id: StateId, to: StateId | null): void {
  const home = statePath(doc.graph!, id);
  doc.transact(to === null ? `End after ${id}` : `Connect ${id} to ${to}`, (tx) => setNext(tx, home, to));
}

/** Sets a value whose parents may not be there yet; removing the last member of a made parent leaves it empty. */
export function setDeep(tx: Tx, path: JsonPath, value: unknown): void {
  if (value !== undefined) {
    for (let i = 1; i < path.length; i++) {
      const up = path.slice(0, i);
      if (tx.has(up)) continue;
      tx.set(up, typeof path[i] === "number" ? [] : {});
    }
  }
  tx.set(path, value);
}

/** Whether a text is a path or an intrinsic function, and not words. */
export function isExpression(text: string): boolean {
  return /^\s*(\$($|[.[$A-Za-z_])|States\.[A-Za-z]+\()/.test(text);
}

/** Sets a member of a payload: as `key.$` when the text is a path or a function, as `key` when it is words. */
export function setDynamic(
  doc: Doc,
  id: StateId,
  parent: JsonPath,
  key: string,
  text: string,
  jsonata: boolean,
  merge?: string,
): boolean {
  const home = [...statePath(doc.graph!, id), ...parent];
  return doc.transact(
    `Change ${key} of ${id}`,
    (tx) => {
      const dynamic = `${key}.$`;
      const [want, other] = !jsonata && isExpression(text) ? [dynamic, key] : [key, dynamic];
      if (text === "") {
        for (const k of [want, other]) if (tx.has([...home, k])) tx.remove([...home, k]);
        return;
      }
      if (tx.has([...home, other])) {
        if (tx.has([...home, want])) tx.remove([...home, other]);
        else tx.rename([...home, other], want);
      }
      setDeep(tx, [...home, want], text);
    },
    { origin: "field", ...(merge ? { merge } : {}) },
  );
}

/** Gives a member another key, in its place. */
export function renameKey(doc: Doc, id: StateId, path: JsonPath, key: string): boolean {
  const full = [...statePath(doc.graph!, id), ...path];
  return doc.transact(`Change ${String(path.at(-1))} of ${id}`, (tx) => tx.rename(full, key));
}
