/** One line, an icon and a tone for each state: what it is, at a glance. */
import { isObject, lastWord, own } from "./choice";
import type { StateRec, Tone } from "./model";

export interface Meaning {
  meaning: string;
  icon: string;
  tone: Tone;
}

type Json = Record<string, unknown>;

/** Says what a state does, for its second line. */
export function meaningOf(type: StateRec["type"], json: Json): Meaning {
  switch (type) {
    case "Task":
      return task(json);
    case "Choice":
      return {
        meaning: `Choice · ${count(list(json, "Choices").length, "rule", "rules")}`,
        icon: "split",
        tone: "choice",
      };
    case "Parallel":
      return {
        meaning: `Parallel · ${count(list(json, "Branches").length, "branch", "branches")}${retry(json)}`,
        icon: "columns-2",
        tone: "parallel",
      };
    case "Map":
      return { meaning: `Map · ${atOnce(json)}${retry(json)}`, icon: "layers", tone: "map" };
    case "Wait":
      return { meaning: `Wait${wait(json)}`, icon: "clock", tone: "wait" };
    case "Pass":
      return { meaning: "Pass", icon: "arrow-right", tone: "pass" };
    case "Succeed":
      return { meaning: "Succeed", icon: "check", tone: "succeed" };
    case "Fail":
      return { meaning: fail(json), icon: "x", tone: "fail" };
    case "Unknown":
      return { meaning: "No type yet", icon: "circle-dashed", tone: "pass" };
  }
}

/** How often a state's retriers try again at most; 0 without any. */
export function retries(json: Json): number {
  let most = 0;
  for (const r of list(json, "Retry")) {
    const attempts = isObject(r) ? own(r, "MaxAttempts") : undefined;
    most = Math.max(most, typeof attempts === "number" ? attempts : 3);
  }
  return most;
}

function task(json: Json): Meaning {
  const resource = text(json, "Resource");
  const args = object(json, "Parameters") ?? object(json, "Arguments") ?? {};
  const parts = resource.split(":");
  const service = parts[2] ?? "";
  if (service === "lambda") return fn(parts.slice(6).join(":") || "Lambda");
  if (service === "states" && parts[5] === "activity") {
    return { meaning: `Activity · ${parts.slice(6).join(":")}`, icon: "shopping-bag", tone: "task" };
  }
  if (service !== "states") {
    return {
      meaning: resource === "" ? "Task · no resource yet" : `Task · ${parts.at(-1) ?? ""}`,
      icon: "zap",
      tone: "task",
    };
  }
  const name = parts[5] ?? "";
  const action = (parts.at(-1) ?? "").replace(/\.(sync|waitForTaskToken)$/, "");
  switch (name) {
    case "http":
      return { meaning: `HTTP${dot(host(args) || text(args, "Method"))}`, icon: "globe", tone: "task" };
    case "human":
      return { meaning: `Human${dot(who(args)) || " task"}`, icon: "user", tone: "human" };
    case "lambda":
      return fn(text(args, "FunctionName") || "Lambda");
    case "states":
      return { meaning: `Workflow${dot(lastPart(text(args, "StateMachineArn")))}`, icon: "workflow", tone: "task" };
    case "aws-sdk":
      return { meaning: `${serviceName(parts[6] ?? "")} · ${action}`, icon: "braces", tone: "task" };
    default:
      return { meaning: `${serviceName(name)} · ${verb(parts)}`, icon: serviceIcon(name), tone: "task" };
  }
}

function verb(parts: string[]): string {
  return (parts[6] ?? parts.at(-1) ?? "").replace(/\.(sync|waitForTaskToken)$/, "");
}

function fn(name: string): Meaning {
  const clean = name.replace(/:\$LATEST$/, "");
  const short = clean.startsWith("arn:")
    ? (clean.split(":")[6] ?? clean)
    : clean.startsWith("$")
      ? lastWord(clean)
      : clean;
  return { meaning: `Function · ${short}`, icon: "square-function", tone: "task" };
}

/** The first word of the host that says something: "payments" of https://payments.example.com. */
function host(args: Json): string {
  const url = text(args, "ApiEndpoint") || text(args, "Url");
  const name = /^[a-z]+:\/\/([^/:?#]+)/i.exec(url)?.[1];
  if (name === undefined) return "";
  if (/^[\d.]+$/.test(name)) return name;
  const words = name.split(".");
  const first = words[0] ?? name;
  return (first === "www" || first === "api") && words.length > 2 ? (words[1] ?? first) : first;
}

function who(args: Json): string {
  const groups = list(args, "CandidateGroups");
  const users = list(args, "CandidateUsers");
  const first = [...groups, ...users].find((g) => typeof g === "string");
  return typeof first === "string" ? first : text(args, "Assignee");
}

function atOnce(json: Json): string {
  const max = own(json, "MaxConcurrency");
  const processor = object(json, "ItemProcessor");
  const mode = processor === undefined ? undefined : own(object(processor, "ProcessorConfig") ?? {}, "Mode");
  const spread = mode === "DISTRIBUTED" ? "distributed, " : "";
  if (typeof max === "string" || own(json, "MaxConcurrencyPath") !== undefined) return `${spread}limit is computed`;
  if (typeof max !== "number" || max === 0) return `${spread}all at once`;
  return max === 1 ? `${spread}one by one` : `${spread}up to ${max} at once`;
}

function wait(json: Json): string {
  const seconds = own(json, "Seconds");
  if (typeof seconds === "number") return ` · ${span(seconds)}`;
  const until = text(json, "Timestamp");
  if (until !== "")
    return until.startsWith("{%") ? " · until a time" : ` · until ${until.replace("T", " ").slice(0, 16)}`;
  const path = text(json, "SecondsPath") || text(json, "TimestampPath");
  if (path !== "") return ` · ${text(json, "TimestampPath") === "" ? "for" : "until"} ${lastWord(path)}`;
  return typeof seconds === "string" ? " · computed" : "";
}

function span(seconds: number): string {
  if (seconds > 0 && seconds % 86_400 === 0) return `${seconds / 86_400} d`;
  if (seconds > 0 && seconds % 3600 === 0) return `${seconds / 3600} h`;
  if (seconds > 0 && seconds % 60 === 0) return `${seconds / 60} min`;
  return `${seconds} s`;
}

function fail(json: Json): string {
  const error = text(json, "Error");
  return error === "" || error.startsWith("{%") ? "Fail" : `Fail · ${error}`;
}

function retry(json: Json): string {
  const n = retries(json);
  return n > 0 ? ` · retry ${n} ×` : "";
}

const names: ReadonlyMap<string, string> = new Map([
  ["dynamodb", "DynamoDB"],
  ["sqs", "SQS"],
  ["sns", "SNS"],
  ["s3", "S3"],
  ["ecs", "ECS"],
  ["eks", "EKS"],
  ["ec2", "EC2"],
  ["events", "EventBridge"],
  ["eventbridge", "EventBridge"],
  ["apigateway", "API Gateway"],
  ["glue", "Glue"],
  ["batch", "Batch"],
  ["bedrock", "Bedrock"],
  ["bedrockruntime", "Bedrock"],
  ["sagemaker", "SageMaker"],
  ["athena", "Athena"],
  ["codebuild", "CodeBuild"],
  ["rekognition", "Rekognition"],
  ["sfn", "Step Functions"],
  ["ses", "SES"],
  ["sesv2", "SES"],
  ["ssm", "Systems Manager"],
  ["iam", "IAM"],
  ["sts", "STS"],
]);

function serviceName(service: string): string {
  return names.get(service) ?? service.charAt(0).toUpperCase() + service.slice(1);
}

function serviceIcon(service: string): string {
  switch (service) {
    case "dynamodb":
      return "database";
    case "sqs":
    case "sns":
    case "events":
      return "message-square";
    default:
      return "braces";
  }
}

function lastPart(arn: string): string {
  return arn.startsWith("$") ? lastWord(arn) : (arn.split(":").at(-1) ?? "");
}

function dot(word: string): string {
  return word === "" || word.startsWith("{%") ? "" : ` · ${word}`;
}

function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}

function text(json: Json, key: string): string {
  const value = own(json, key);
  return typeof value === "string" ? value : "";
}

function list(json: Json, key: string): unknown[] {
  const value = own(json, key);
  return Array.isArray(value) ? value : [];
}

function object(json: Json, key: string): Json | undefined {
  const value = own(json, key);
  return isObject(value) ? value : undefined;
}
