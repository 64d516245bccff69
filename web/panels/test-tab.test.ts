// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { Api, type Tested } from "../api";
import { Doc } from "../doc/doc";
import { lines } from "../live/json";
import { Inspector } from "./inspector";
import { Session } from "./session";
import { answersOf, inJSONata } from "./test-request";
import { stopsOf } from "./test-result";
import { Trials, untried } from "./trials";

Element.prototype.scrollIntoView = () => undefined;

const tested = (over: Partial<Tested>): Tested => ({
  kind: "tested",
  status: "SUCCEEDED",
  output: "",
  error: "",
  cause: "",
  next: "",
  input: "{}",
  stages: [],
  variables: "",
  retrier: null,
  catcher: null,
  backoff: null,
  request: null,
  response: null,
  ...over,
});

/** What browsers keep, for one test. */
const memory = (): Pick<Storage, "getItem" | "setItem"> => {
  const all = new Map<string, string>();
  return { getItem: (k) => all.get(k) ?? null, setItem: (k, v) => void all.set(k, v) };
};

describe("what is kept", () => {
  it("belongs to one state and survives a reload and a new name", () => {
    const storage = memory();
    const trials = new Trials("w", storage);
    trials.keep("A", { ...untried, input: "1" });
    trials.rename("A", "B");
    const again = new Trials("w", storage);
    expect(again.of("A")).toBeUndefined();
    expect(again.of("B")?.input).toBe("1");
    expect(new Trials("other", storage).of("B")).toBeUndefined();
  });
  it("is checked when it is read", () => {
    const storage = memory();
    storage.setItem("statehouse.trials.w", '[["A",{"input":5,"attempts":2}],"B",["C",null]]');
    expect(new Trials("w", storage).of("A")).toEqual({ ...untried, attempts: 2 });
    storage.setItem("statehouse.trials.w", "{");
    expect(new Trials("w", storage).of("A")).toBeUndefined();
  });
  it("gives way to what was tried last", () => {
    const storage = memory();
    const trials = new Trials("w", storage);
    for (const state of ["A", "B", "C"]) trials.keep(state, { ...untried, input: "x".repeat(190_000) });
    expect([...["A", "B", "C"]].map((s) => new Trials("w", storage).of(s) !== undefined)).toEqual([false, true, true]);
  });
});

describe("who answers", () => {
  it("follows from the type and the resource", () => {
    const task = (end: string) => answersOf({ Type: "Task", Resource: `arn:aws:states:::${end}` });
    expect(["http:invoke", "states:startExecution", "lambda:invoke"].map(task)).toEqual(["world", "world", "world"]);
    expect(
      ["human:createTask.sync", "states:startExecution.sync:2", "sqs:sendMessage.waitForTaskToken"].map(task),
    ).toEqual(["stand-in", "stand-in", "stand-in"]);
    expect(answersOf({ Type: "Task", Resource: "arn:aws:states:us-east-1:1:activity:a" })).toBe("stand-in");
    expect(["Map", "Parallel", "Pass", "Choice"].map((Type) => answersOf({ Type }))).toEqual([
      "stand-in",
      "stand-in",
      "nobody",
      "nobody",
    ]);
  });
});

describe("a state of a JSONata workflow", () => {
  it("says its language when it goes alone, with all states inside", () => {
    const block = { StartAt: "A", States: { A: { Type: "Map", ItemProcessor: { States: { B: { Type: "Pass" } } } } } };
    expect(inJSONata({ Type: "Parallel", Branches: [block] })).toEqual({
      QueryLanguage: "JSONata",
      Type: "Parallel",
      Branches: [
        {
          StartAt: "A",
          States: {
            A: {
              QueryLanguage: "JSONata",
              Type: "Map",
              ItemProcessor: { States: { B: { QueryLanguage: "JSONata", Type: "Pass" } } },
            },
          },
        },
      ],
    });
  });
});

describe("the way of the data", () => {
  it("compares each stop with what it is made from", () => {
    const stops = stopsOf(
      tested({
        input: '{"a":1}',
        stages: [
          { name: "afterParameters", data: '{"b":1}' },
          { name: "result", data: "7" },
          { name: "afterResultPath", data: '{"a":1,"r":7}' },
        ],
        output: "7",
      }),
    );
    expect(
      stops.map((s) => [
        s.label,
        s.before &&
          lines(s.before)
            .map((l) => l.text)
            .join(""),
      ]),
    ).toEqual([
      ["Input", undefined],
      ["After Parameters", '{"a": 1}'],
      ["Result", undefined],
      ["After ResultPath", '{"a": 1}'],
      ["Output", '{"a": 1,"r": 7}'],
    ]);
  });
});

describe("the test tab", () => {
  const http = "arn:aws:states:::http:invoke";
  const open = (state: Record<string, unknown>, reply: { status: number; body: unknown }) => {
    const doc = new Doc(JSON.stringify({ StartAt: "T", States: { T: state } }, null, 2));
    const session = new Session("w", doc);
    const host = document.body.appendChild(document.createElement("aside"));
    const nothing = (): void => undefined;
    const asked: Record<string, unknown>[] = [];
    const api = new Api("w", async (_, init) => {
      asked.push(JSON.parse(String(init?.body)));
      return new Response(JSON.stringify(reply.body), { status: reply.status });
    });
    const inspector = new Inspector(
      host,
      session,
      { leave: nothing, menu: nothing, close: nothing, open: nothing },
      { api, storage: memory(), sample: () => '{"n":1}' },
    );
    session.select("T", "canvas");
    inspector.test();
    const control = <E extends HTMLElement>(field: string) => host.querySelector<E>(`[data-field="test:${field}"]`)!;
    const type = (field: string, value: string, event = "input"): void => {
      const el = control<HTMLInputElement>(field);
      el.value = value;
      el.dispatchEvent(new Event(event, { bubbles: true }));
    };
    const run = async (): Promise<void> => {
      control("run").closest("form")!.requestSubmit();
      await new Promise((done) => setTimeout(done));
    };
    return { host, asked, control, type, run, session, doc };
  };

  it("tries a state with the sample input and shows what became of it", async () => {
    const { host, asked, control, type, run, doc } = open(
      { Type: "Task", Resource: http, End: true },
      {
        status: 200,
        body: {
          status: "CAUGHT_ERROR",
          error: "E",
          cause: "c",
          catchIndex: 0,
          next: "N",
          input: '{"n":1}',
          stages: [],
          output: '{"n":2}',
        },
      },
    );
    expect(control<HTMLTextAreaElement>("input").value).toBe('{"n":1}');
    type("answer", "error", "change");
    type("error", "E");
    await run();
    expect(asked[0]).toMatchObject({ definition: doc.text, state: "T", input: '{"n":1}', answer: "error", error: "E" });
    expect(host.querySelector("[role=status]")!.textContent).toBe("Caught, goes on to N");
    const result = host.querySelector(".trial-result")!;
    expect(result.textContent).toContain("by catcher 1, goes on to N");
    expect([...result.querySelectorAll(".line-removed, .line-added")].map((l) => l.textContent)).toEqual([
      '-removed: "n": 1',
      '+added: "n": 2',
    ]);
  });

  it("shows at the field why nothing was tested", async () => {
    const { control, type, run } = open(
      { Type: "Map", ItemProcessor: {}, End: true },
      { status: 422, body: { error: "Mocked result must be an array.", field: "mock" } },
    );
    type("result", "{");
    await run();
    expect(document.activeElement).toBe(control("result"));
    expect(control("result").closest(".field")!.querySelector(".error")!.textContent).toMatch(/Not JSON yet/);
    type("result", "{}");
    await run();
    expect(control("result").closest(".field")!.querySelector(".error")!.textContent).toBe(
      "Mocked result must be an array.",
    );
  });

  it("sends a state alone while the workflow has mistakes elsewhere", async () => {
    const { asked, run, session } = open(
      { Type: "Pass", End: true },
      { status: 200, body: { status: "SUCCEEDED", input: "{}" } },
    );
    session.setProblems([
      {
        severity: "ERROR",
        code: "",
        message: "",
        location: "",
        line: 0,
        column: 0,
        endLine: 0,
        endColumn: 0,
        state: "",
        field: "",
      },
    ]);
    await run();
    expect(asked[0]).toMatchObject({ definition: '{"Type":"Pass","End":true}', state: "" });
    expect(asked[0]).not.toHaveProperty("answer");
  });
});
