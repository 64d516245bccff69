// Answers questions on standard input, one JSON object a line: {"expr", "data", "bindings", "fresh"}.
// jsonata-js leaves the name and place of a call on its built-in functions, where a later error of
// another expression may find them; "fresh" asks a newly loaded jsonata-js.
// Each answer is a line: {"json"} the result, {"undefined": true}, {"unsupported": true} when a
// function is or lies in it, {"code", "position", "token"} jsonata-js's error, or {"crash"} an error
// of JavaScript that jsonata-js let through.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(import.meta.url);
const shared = require("jsonata");

function load(fresh) {
  if (!fresh) return shared;
  delete require.cache[require.resolve("jsonata")];
  return require("jsonata");
}

function callable(v, seen = new Set()) {
  if (typeof v === "function") return true;
  if (v === null || typeof v !== "object" || seen.has(v)) return false;
  seen.add(v);
  if (v._jsonata_function || v._jsonata_lambda) return true;
  return Object.values(v).some((x) => callable(x, seen));
}

async function answer({ expr, data, bindings, fresh }) {
  try {
    const result = await load(fresh)(expr).evaluate(data, { ...bindings });
    if (result === undefined) return { undefined: true };
    if (callable(result)) return { unsupported: true };
    return { json: JSON.stringify(result) };
  } catch (e) {
    if (e.code) return { code: e.code, position: e.position, token: e.token === undefined ? undefined : String(e.token) };
    return { crash: String(e.message) };
  }
}

// One after the other, each expression compiled afresh: an abandoned error in one cannot reach another.
process.on("unhandledRejection", () => {});
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
}
