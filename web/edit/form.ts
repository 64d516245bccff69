// Changes of a human task's form: a JSON Schema whose members are drawn in their order.
import type { StateId } from "../asl/model";
import type { Doc } from "../doc/doc";
import type { JsonPath } from "../doc/json";
import type { Tx } from "../doc/tx";
import { setDeep } from "./fields";
import { type FieldKind, type FormField, keyFor, schemaOf } from "./human";
import { statePath, usesJSONata } from "./refs";

function schemaPath(doc: Doc, id: StateId): JsonPath {
  return [...statePath(doc.graph!, id), usesJSONata(doc.graph!, id) ? "Arguments" : "Parameters", "Form"];
}

export function addFormField(doc: Doc, id: StateId, title: string, kind: FieldKind): string {
  const form = schemaPath(doc, id);
  let key = "";
  doc.transact(`Add field to ${id}`, (tx) => {
    key = keyFor(title, tx.keys([...form, "properties"]));
    if (!tx.has(form)) setDeep(tx, form, { type: "object", properties: { [key]: schemaOf(kind, title) } });
    else setDeep(tx, [...form, "properties", key], schemaOf(kind, title));
  });
  return key;
}

export function removeFormField(doc: Doc, id: StateId, key: string): void {
  const form = schemaPath(doc, id);
  doc.transact(`Remove field of ${id}`, (tx) => {
    require(tx, form, key, false);
    tx.remove([...form, "properties", key]);
    if (tx.keys([...form, "properties"]).length === 0) tx.remove(form);
  });
}

export function changeFormField(
  doc: Doc,
  id: StateId,
  f: FormField,
  change: { title?: string; kind?: FieldKind; required?: boolean; key?: string },
): void {
  const form = schemaPath(doc, id);
  const at = [...form, "properties", f.key];
  doc.transact(
    `Change field ${f.title} of ${id}`,
    (tx) => {
      if (change.title !== undefined) setDeep(tx, [...at, "title"], change.title);
      if (change.kind !== undefined && change.kind !== f.kind)
        tx.set(at, schemaOf(change.kind, change.title ?? f.title, f.schema));
      if (change.required !== undefined) require(tx, form, f.key, change.required);
      if (change.key !== undefined && change.key !== f.key) {
        const was = f.required;
        if (was) require(tx, form, f.key, false);
        tx.rename(at, change.key);
        if (was) require(tx, form, change.key, true);
      }
    },
    { origin: "field", ...(change.title === undefined ? {} : { merge: `${id}/form/${f.key}/title` }) },
  );
}

/** Moves a field up or down: the form is drawn in the order of the schema. */
export function moveFormField(doc: Doc, id: StateId, index: number, by: -1 | 1): void {
  const at = [...schemaPath(doc, id), "properties"];
  doc.transact(`Move field of ${id}`, (tx) => {
    const keys = tx.keys(at);
    const key = keys[index];
    const low = Math.min(index, index + by);
    const [first, second] = [keys[low], keys[low + 1]];
    if (key === undefined || first === undefined || second === undefined) return;
    const raw = tx.raw([...at, second]);
    tx.remove([...at, second]);
    tx.insertBefore([...at, second], raw, first);
  });
}

function require(tx: Tx, form: JsonPath, key: string, on: boolean): void {
  const path = [...form, "required"];
  const list = tx.get(path);
  const names = Array.isArray(list) ? list : [];
  const at = names.indexOf(key);
  if (on && at < 0) tx.push(path, key);
  if (!on && at >= 0) {
    if (names.length === 1) tx.remove(path);
    else tx.remove([...path, at]);
  }
}
