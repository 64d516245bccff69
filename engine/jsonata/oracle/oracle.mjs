// Answers questions on standard input, one JSON object a line: {"expr", "data", "bindings", "fresh"}.
// The clock stands at the first argument, in milliseconds since 1970.
// jsonata-js leaves the name and place of a call on its built-in functions, where a later error of
// another expression may find them; "fresh" asks a newly loaded jsonata-js.
// Each answer is a line: {"json"} the result, {"undefined": true}, {"unsupported": true} when a
// function is or lies in it, {"code", "position", "token", "message"} jsonata-js's error, or {"crash"}
// an error of JavaScript that jsonata-js let through, or no answer at all for five seconds or in half a gigabyte.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";

const require = createRequire(import.meta.url);

function load(fresh) {
  if (fresh) delete require.cache[require.resolve("jsonata")];
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
    if (e.code) return { code: e.code, position: e.position, token: e.token === undefined ? undefined : String(e.token), message: e.message };
    return { crash: String(e.message) };
  }
}

// patient gives the worker's answer, or ends the worker when none comes in time or in memory.
function patient(worker, line) {
  return new Promise((resolve) => {
    const done = (text) => {
      clearTimeout(timer);
      worker.off("message", done);
      worker.off("error", failed);
      if (text === undefined) worker.terminate();
      resolve(text);
    };
    const failed = () => done();
    const timer = setTimeout(failed, 5000);
    worker.once("message", done);
    worker.once("error", failed);
    worker.postMessage(line);
  });
}

// One after the other, each expression compiled afresh: an abandoned error in one cannot reach another.
if (isMainThread) {
  const start = () => new Worker(new URL(import.meta.url), { workerData: Number(process.argv[2]), resourceLimits: { maxOldGenerationSizeMb: 512 } });
  let worker = start();
  for await (const line of createInterface({ input: process.stdin })) {
    let text = await patient(worker, line);
    if (text === undefined) {
      text = '{"crash": "no answer"}';
      worker = start();
    }
    process.stdout.write(`${text}\n`);
  }
  worker.terminate();
} else {
  globalThis.Date = class extends Date {
    constructor(...fields) {
      super(...(fields.length > 0 ? fields : [workerData]));
    }
  };
  process.on("unhandledRejection", () => {});
  parentPort.on("message", async (line) => parentPort.postMessage(JSON.stringify(await answer(JSON.parse(line)))));
}
