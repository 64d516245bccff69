// What can be put into a workflow. Every item makes states that leave the
// definition valid wherever it is put: the exits are set to what follows.
import type { Item } from "./item";
import {
  approval,
  choice,
  given,
  goOn,
  httpInvoke,
  humanTask,
  inner,
  lambdaInvoke,
  one,
  poll,
  retryAndCatch,
  startExecution,
} from "./patterns";

export { type Fragment, type Group, type Item, type Spot, spot } from "./item";
export { httpInvoke } from "./patterns";

export const catalog: readonly Item[] = [
  {
    id: "choice",
    label: "Choice",
    hint: "Go one way or another",
    group: "flow",
    icon: "split",
    tone: "choice",
    words: "if else branch decide condition rule",
    make: choice,
  },
  {
    id: "parallel",
    label: "Parallel",
    hint: "Do several things at once",
    group: "flow",
    icon: "columns-2",
    tone: "parallel",
    words: "branch fork join together concurrent",
    make: (at) => {
      const name = at.name("Parallel");
      return one(name, { Type: "Parallel", Branches: [inner(at, "Branch 1")], ...goOn(at.next) });
    },
  },
  {
    id: "map",
    label: "Map",
    hint: "Do the same for each item of a list",
    group: "flow",
    icon: "layers",
    tone: "map",
    words: "loop each iterate list items array",
    make: (at) => {
      const name = at.name("For each item");
      const items = at.jsonata ? { Items: "{% $states.input.items %}" } : { ItemsPath: "$.items" };
      const mode = { ProcessorConfig: { Mode: "INLINE" } };
      return one(name, {
        Type: "Map",
        ...items,
        ItemProcessor: { ...mode, ...inner(at, "Handle item") },
        ...goOn(at.next),
      });
    },
  },
  {
    id: "wait",
    label: "Wait",
    hint: "Pause for a time, or until a moment",
    group: "flow",
    icon: "clock",
    tone: "wait",
    words: "sleep delay timer pause until",
    make: (at) => one(at.name("Wait"), { Type: "Wait", Seconds: 60, ...goOn(at.next) }),
  },
  {
    id: "pass",
    label: "Pass",
    hint: "Shape the data, call nothing",
    group: "flow",
    icon: "arrow-right",
    tone: "pass",
    words: "transform inject noop data",
    make: (at) => one(at.name("Pass"), { Type: "Pass", ...goOn(at.next) }),
  },
  {
    id: "human",
    label: "Human task",
    hint: "A person decides in the inbox",
    group: "flow",
    icon: "user",
    tone: "human",
    words: "approve approval person form inbox review manual",
    make: (at) => {
      const keep = at.jsonata ? {} : { ResultPath: "$.decision" };
      const given0 = given(at, { Title: "Review this", Outcomes: ["Approve", "Reject"] });
      return one(at.name("Human task"), { Type: "Task", Resource: humanTask, ...given0, ...keep, ...goOn(at.next) });
    },
  },
  {
    id: "succeed",
    label: "Succeed",
    hint: "End here, well",
    group: "flow",
    icon: "check",
    tone: "succeed",
    words: "end finish done stop",
    terminal: true,
    make: (at) => one(at.name("Done"), { Type: "Succeed" }),
  },
  {
    id: "fail",
    label: "Fail",
    hint: "End here with an error",
    group: "flow",
    icon: "x",
    tone: "fail",
    words: "error stop abort end",
    terminal: true,
    make: (at) => one(at.name("Failed"), { Type: "Fail", Error: "Failed", Cause: "Say here what went wrong." }),
  },
  {
    id: "http",
    label: "HTTP call",
    hint: "Ask a web service",
    group: "actions",
    icon: "globe",
    tone: "task",
    words: "api rest request url web get post task",
    make: (at) =>
      one(at.name("HTTP call"), {
        Type: "Task",
        Resource: httpInvoke,
        ...given(at, { ApiEndpoint: "https://example.com/", Method: "GET" }),
        ...goOn(at.next),
      }),
  },
  {
    id: "activity",
    label: "Activity",
    hint: "A worker of yours picks it up",
    group: "actions",
    icon: "shopping-bag",
    tone: "task",
    words: "worker poll queue task",
    make: (at) =>
      one(at.name("Activity"), {
        Type: "Task",
        Resource: "arn:aws:states:us-east-1:000000000000:activity:my-activity",
        ...goOn(at.next),
      }),
  },
  {
    id: "workflow",
    label: "Start workflow",
    hint: "Run another workflow and wait for it",
    group: "actions",
    icon: "workflow",
    tone: "task",
    words: "nested execution sub state machine task",
    make: (at) => {
      const input = at.jsonata ? "{% $states.input %}" : undefined;
      const arn = "arn:aws:states:us-east-1:000000000000:stateMachine:my-workflow";
      const given0 = given(at, { StateMachineArn: arn, ...(input ? { Input: input } : { "Input.$": "$" }) });
      return one(at.name("Start workflow"), { Type: "Task", Resource: startExecution, ...given0, ...goOn(at.next) });
    },
  },
  {
    id: "lambda",
    label: "Lambda function",
    hint: "Call a function",
    group: "actions",
    icon: "square-function",
    tone: "task",
    words: "aws function invoke task",
    make: (at) => {
      const payload = at.jsonata ? { Payload: "{% $states.input %}" } : { "Payload.$": "$" };
      const out = at.jsonata ? { Output: "{% $states.result.Payload %}" } : { OutputPath: "$.Payload" };
      const given0 = given(at, { FunctionName: "my-function", ...payload });
      return one(at.name("Lambda function"), {
        Type: "Task",
        Resource: lambdaInvoke,
        ...given0,
        ...out,
        ...goOn(at.next),
      });
    },
  },
  {
    id: "approval",
    label: "Approval",
    hint: "Ask a person, go on only when approved",
    group: "patterns",
    icon: "user",
    tone: "human",
    words: "human approve reject decide",
    make: approval,
  },
  {
    id: "retry",
    label: "Retry and catch",
    hint: "Call, try again, handle what still fails",
    group: "patterns",
    icon: "refresh-cw",
    tone: "choice",
    words: "error http retrier catcher",
    make: retryAndCatch,
  },
  {
    id: "fanout",
    label: "Fan out and join",
    hint: "Two branches at once, then go on together",
    group: "patterns",
    icon: "columns-2",
    tone: "parallel",
    words: "parallel branches concurrent",
    make: (at) => {
      const name = at.name("Do both");
      return one(name, { Type: "Parallel", Branches: [inner(at, "One"), inner(at, "Other")], ...goOn(at.next) });
    },
  },
  {
    id: "poll",
    label: "Wait and look again",
    hint: "Check every while until it is ready",
    group: "patterns",
    icon: "timer",
    tone: "wait",
    words: "poll loop until",
    make: poll,
  },
];

/** Items that fit what was typed, best first; all of them, recent ones first, when nothing was. */
export function searchItems(query: string, recent: readonly string[]): Item[] {
  const q = query.trim().toLowerCase();
  const rank = (i: Item): number => {
    const age = recent.indexOf(i.id);
    const fresh = age < 0 ? 0 : 0.5 - age / 100;
    if (!q) return 1 + fresh;
    const label = i.label.toLowerCase();
    if (label === q) return 5;
    if (label.startsWith(q)) return 4 + fresh;
    if (label.split(" ").some((w) => w.startsWith(q))) return 3 + fresh;
    if (i.words.split(" ").some((w) => w.startsWith(q))) return 2 + fresh;
    return label.includes(q) ? 1 + fresh : 0;
  };
  return catalog
    .map((item, at) => ({ item, at, rank: rank(item) }))
    .filter((r) => r.rank > 0)
    .sort((a, b) => b.rank - a.rank || a.at - b.at)
    .map((r) => r.item);
}
