/** Choice rules in few words: "total > 500", "status ≠ ok", "approved". */

const longest = 30;

type Rule = Record<string, unknown>;

/** Words for a rule of a Choice state. */
export function ruleLabel(rule: unknown): string {
  if (!isObject(rule)) return "rule";
  // A short comment says it best.
  const comment = own(rule, "Comment");
  if (typeof comment === "string" && comment.trim() !== "" && comment.length <= longest) return shorten(comment);
  const condition = own(rule, "Condition");
  if (typeof condition === "string") return shorten(expression(condition));
  return shorten(test(rule, false));
}

/** Words for what a catcher catches: "catch PaymentError". */
export function catchLabel(catcher: unknown): string {
  const names = isObject(catcher) ? own(catcher, "ErrorEquals") : undefined;
  if (!Array.isArray(names) || names.length === 0) return "catch";
  const [first, ...rest] = names.map((n) => String(n));
  const word = first === "States.ALL" ? "any error" : (first ?? "").replace(/^States\./, "");
  return shorten(`catch ${word}${rest.length > 0 ? ` + ${rest.length}` : ""}`);
}

/** Cuts to what fits on an edge. */
function shorten(text: string, max = longest): string {
  const flat = text.replace(/\s+/g, " ").trim();
  return flat.length <= max ? flat : `${flat.slice(0, max - 1).trimEnd()}…`;
}

/** The last word of a path: "$.order.total" is "total". */
export function lastWord(path: string): string {
  const parts = path
    .replace(/\[['"]?([^\]'"]*)['"]?\]/g, ".$1")
    .split(".")
    .filter((p) => p !== "" && p !== "$" && p !== "$$");
  const last = parts.at(-1) ?? path;
  const before = parts.at(-2);
  // DynamoDB wraps values by their type: "$.Item.status.S" is "status".
  if (/^(S|N|BOOL|NULL|M|L|SS|NS)$/.test(last) && before !== undefined) return before;
  return /^(\d+|\*)$/.test(last) && before !== undefined ? `${before}[${last}]` : last.replace(/^\$/, "");
}

function test(rule: Rule, negated: boolean): string {
  for (const [key, word] of [
    ["And", "and"],
    ["Or", "or"],
  ] as const) {
    const parts = own(rule, key);
    if (!Array.isArray(parts)) continue;
    return group(parts, negated ? (word === "and" ? "or" : "and") : word, negated);
  }
  const inner = own(rule, "Not");
  if (isObject(inner)) return test(inner, !negated);
  const variable = own(rule, "Variable");
  const name = typeof variable === "string" ? lastWord(variable) : "?";
  for (const key of Object.keys(rule)) {
    if (key === "Variable" || key === "Next" || key === "Comment" || key === "Assign" || key === "Output") continue;
    return compare(name, key, rule[key], negated);
  }
  return name;
}

function group(parts: unknown[], word: string, negated: boolean): string {
  const words = parts.filter(isObject).map((p) => test(p, negated));
  const [first = "rule", second] = words;
  if (second === undefined) return first;
  const both = `${first} ${word} ${second}`;
  if (words.length === 2 && both.length <= longest) return both;
  const more = words.length - 1;
  const room = longest - ` ${word} ${more} more`.length;
  return `${shorten(first, room)} ${word} ${more} more`;
}

const signs: ReadonlyMap<string, readonly [string, string]> = new Map([
  ["Equals", ["=", "≠"]],
  ["LessThan", ["<", "≥"]],
  ["LessThanEquals", ["≤", ">"]],
  ["GreaterThan", [">", "≤"]],
  ["GreaterThanEquals", ["≥", "<"]],
  ["Matches", ["like", "not like"]],
]);

function compare(name: string, operator: string, value: unknown, negated: boolean): string {
  const kind = /^Is(Null|Present|Numeric|String|Boolean|Timestamp)$/.exec(operator)?.[1];
  if (kind !== undefined) {
    const yes = (value !== false) !== negated;
    if (kind === "Present") return yes ? `${name} is there` : `${name} is missing`;
    const word = kind === "Null" ? "null" : kind === "Boolean" ? "true or false" : `a ${kind.toLowerCase()}`;
    return `${name} is ${yes ? "" : "not "}${word.replace("a numeric", "a number")}`;
  }
  if (operator === "BooleanEquals" && typeof value === "boolean") return value !== negated ? name : `not ${name}`;
  const match = /^(String|Numeric|Boolean|Timestamp)(.+?)(Path)?$/.exec(operator);
  const pair = signs.get(match?.[2] ?? "");
  if (pair === undefined) return `${name} ${operator}`;
  const shown = match?.[3] !== undefined && typeof value === "string" ? lastWord(value) : plain(value);
  return `${name} ${pair[negated ? 1 : 0]} ${shown}`;
}

function plain(value: unknown): string {
  if (typeof value === "string") return value === "" ? '""' : value;
  return JSON.stringify(value) ?? "?";
}

function expression(text: string): string {
  return text
    .replace(/^\s*\{%/, "")
    .replace(/%\}\s*$/, "")
    .replaceAll("$states.input.", "")
    .replaceAll("$", "");
}

/** Narrows to a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value of an own member, never of the prototype. */
export function own(object: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
