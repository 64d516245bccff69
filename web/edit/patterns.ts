// The states of items that are more than one plain state, and the pieces they share.
import type { Fragment, Spot } from "./item";
import type { Json } from "./refs";

export const humanTask = "arn:aws:states:::human:createTask.sync";
export const httpInvoke = "arn:aws:states:::http:invoke";
export const startExecution = "arn:aws:states:::states:startExecution.sync:2";
export const lambdaInvoke = "arn:aws:states:::lambda:invoke";

/** The end of a state's JSON: where it goes on. */
export function goOn(next: string | null): Json {
  return next ? { Next: next } : { End: true };
}

/** The place of a task's input in the query language of the machine. */
export function given(at: Spot, parameters: Json): Json {
  return at.jsonata ? { Arguments: parameters } : { Parameters: parameters };
}

export function test(at: Spot, path: string, jsonpath: Json, jsonata: string): Json {
  return at.jsonata ? { Condition: `{% ${jsonata} %}` } : { Variable: path, ...jsonpath };
}

export function inner(at: Spot, wish: string): Json {
  const name = at.name(wish);
  return { StartAt: name, States: { [name]: { Type: "Pass", End: true } } };
}

export function one(name: string, json: Json): Fragment {
  return { states: [[name, json]] };
}

export function approval(at: Spot): Fragment {
  const ask = at.name("Ask for approval");
  const check = at.name("Approved?");
  const no = at.name("Rejected");
  const yes = at.next ?? at.name("Approved");
  const keep = at.jsonata
    ? { Output: "{% $merge([$states.input, {'decision': $states.result}]) %}" }
    : { ResultPath: "$.decision" };
  const states: [string, Json][] = [
    [
      ask,
      {
        Type: "Task",
        Resource: humanTask,
        ...given(at, { Title: "Approve this", Outcomes: ["Approve", "Reject"] }),
        ...keep,
        Next: check,
      },
    ],
    [
      check,
      {
        Type: "Choice",
        Choices: [
          {
            ...test(
              at,
              "$.decision.Outcome",
              { StringEquals: "Approve" },
              "$states.input.decision.Outcome = 'Approve'",
            ),
            Next: yes,
          },
        ],
        Default: no,
      },
    ],
    [no, { Type: "Fail", Error: "Rejected", Cause: "The request was not approved." }],
  ];
  if (!at.next) states.splice(2, 0, [yes, { Type: "Succeed" }]);
  return { states };
}

export function retryAndCatch(at: Spot): Fragment {
  const call = at.name("Call service");
  const handle = at.name("Handle error");
  const kept = at.jsonata ? {} : { ResultPath: "$.error" };
  return {
    states: [
      [
        call,
        {
          Type: "Task",
          Resource: httpInvoke,
          ...given(at, { ApiEndpoint: "https://example.com/", Method: "GET" }),
          Retry: [{ ErrorEquals: ["States.TaskFailed"], IntervalSeconds: 2, MaxAttempts: 3, BackoffRate: 2 }],
          Catch: [{ ErrorEquals: ["States.ALL"], ...kept, Next: handle }],
          ...goOn(at.next),
        },
      ],
      [handle, { Type: "Pass", ...goOn(at.next) }],
    ],
  };
}

export function poll(at: Spot): Fragment {
  const wait = at.name("Wait a while");
  const look = at.name("Look again");
  const ready = at.name("Ready?");
  const done = at.next ?? at.name("Finished");
  const states: [string, Json][] = [
    [wait, { Type: "Wait", Seconds: 30, Next: look }],
    [look, { Type: "Pass", Next: ready }],
    [
      ready,
      {
        Type: "Choice",
        Choices: [{ ...test(at, "$.ready", { IsPresent: true }, "$exists($states.input.ready)"), Next: done }],
        Default: wait,
      },
    ],
  ];
  if (!at.next) states.push([done, { Type: "Succeed" }]);
  return { states };
}

export function choice(at: Spot): Fragment {
  const name = at.name("Choice");
  const to = at.next ?? at.name("Done");
  const rule = { ...test(at, "$.value", { IsPresent: true }, "$exists($states.input.value)"), Next: to };
  const states: [string, Json][] = [[name, { Type: "Choice", Choices: [rule], Default: to }]];
  if (!at.next) states.push([to, { Type: "Succeed" }]);
  return { states };
}
