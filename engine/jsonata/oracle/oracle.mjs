// Answers questions on standard input, one JSON object a line: {"expr", "data"?, "bindings"}.
// Each answer is a line: {"json"} the result, {"undefined": true}, {"unsupported": true} when a
// function is or lies in it, {"code", "position", "token"} jsonata-js's error, or {"crash"} an error
// of JavaScript that jsonata-js let through.
import { createInterface } from "node:readline";
import jsonata from "jsonata";

function callable(v, seen = new Set()) {
  if (typeof v === "function") return true;
  if (v === null || typeof v !== "object" || seen.has(v)) return false;
  seen.add(v);
  if (v._jsonata_function || v._jsonata_lambda) return true;
  return Object.values(v).some((x) => callable(x, seen));
}

async function answer({ expr, data, bindings }) {
  try {
    const result = await jsonata(expr).evaluate(data, { ...bindings });
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
