import type { StateType } from "./model";

/** The fields of a state that say what goes in and what comes out, in the order in which it happens. */
export const dataFields: { jsonpath: Record<string, readonly string[]>; jsonata: Record<string, readonly string[]> } = {
  jsonpath: {
    Task: ["InputPath", "Parameters", "ResultSelector", "ResultPath", "OutputPath", "Assign"],
    Pass: ["InputPath", "Parameters", "ResultPath", "OutputPath", "Assign"],
    Choice: ["InputPath", "OutputPath", "Assign"],
    Wait: ["InputPath", "OutputPath", "Assign"],
    Succeed: ["InputPath", "OutputPath"],
    Fail: [],
    Parallel: ["InputPath", "Parameters", "ResultSelector", "ResultPath", "OutputPath", "Assign"],
    Map: ["InputPath", "ResultSelector", "ResultPath", "OutputPath", "Assign"],
  },
  jsonata: {
    Task: ["Arguments", "Output", "Assign"],
    Pass: ["Output", "Assign"],
    Choice: ["Output", "Assign"],
    Wait: ["Output", "Assign"],
    Succeed: ["Output"],
    Fail: [],
    Parallel: ["Arguments", "Output", "Assign"],
    Map: ["Output", "Assign"],
  },
};

const step = ["Next", "End"];
const tries = ["Retry", "Catch"];

/** The other fields of a state in both query languages; then those of JSONPath and of JSONata alone. */
const own: Record<StateType, readonly [both: string[], jsonpath?: string[], jsonata?: string[]]> = {
  Task: [
    ["Resource", "Credentials", "TimeoutSeconds", "HeartbeatSeconds", ...tries, ...step],
    ["TimeoutSecondsPath", "HeartbeatSecondsPath"],
  ],
  Pass: [step, ["Result"]],
  Choice: [["Choices", "Default"]],
  Wait: [
    ["Seconds", "Timestamp", ...step],
    ["SecondsPath", "TimestampPath"],
  ],
  Succeed: [[]],
  Fail: [
    ["Error", "Cause"],
    ["ErrorPath", "CausePath"],
  ],
  Parallel: [["Branches", ...tries, ...step]],
  Map: [
    [
      "ItemProcessor",
      "ItemSelector",
      "ItemReader",
      "ItemBatcher",
      "ResultWriter",
      "MaxConcurrency",
      "ToleratedFailureCount",
      "ToleratedFailurePercentage",
      "Label",
      ...tries,
      ...step,
    ],
    ["ItemsPath", "MaxConcurrencyPath", "ToleratedFailureCountPath", "ToleratedFailurePercentagePath"],
    ["Items"],
  ],
};

/** All fields that a state of a type may have; of a type that is not known yet, those of every state. */
export function fieldsOf(type: string, jsonata: boolean): string[] {
  const [both, jsonpathOnly = [], jsonataOnly = []] = own[type as StateType] ?? [[]];
  const data = dataFields[jsonata ? "jsonata" : "jsonpath"][type] ?? [];
  return ["Type", "Comment", "QueryLanguage", ...both, ...(jsonata ? jsonataOnly : jsonpathOnly), ...data];
}
