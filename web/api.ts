// What the designer asks the server. Answers are checked at this door and trusted inside.
import { addressPart } from "./live/words";
import type { Problem } from "./panels/session";

export interface Saved {
  kind: "saved";
  revision: number;
  published: boolean;
  problems: Problem[];
}

/** Somebody else saved this draft first. */
export interface Conflict {
  kind: "conflict";
  revision: number;
  text: string;
  message: string;
}

/** The server is away, or could not answer: try again. */
export interface Away {
  kind: "away";
}

/** The server refuses, and would again. */
export interface Refused {
  kind: "refused";
  message: string;
  field: string;
  problems: Problem[];
}

/** What became of a state that was tried by itself. Data are texts of JSON, "" where there are none. */
export interface Tested {
  kind: "tested";
  status: "SUCCEEDED" | "FAILED" | "RETRIABLE" | "CAUGHT_ERROR";
  output: string;
  error: string;
  cause: string;
  next: string;
  input: string;
  stages: { name: string; data: string }[];
  variables: string;
  /** Which retrier and catcher had a say, counted from 0. */
  retrier: number | null;
  catcher: number | null;
  /** Seconds until the next attempt. */
  backoff: number | null;
  request: Message | null;
  response: Message | null;
}

/** One side of an HTTP call. */
export interface Message {
  line: string;
  headers: string;
  body: string;
}

/** Something that can be typed. */
export interface Option {
  label: string;
  /** What is written in the place of the word: text of the inside of a JSON string. */
  apply: string;
  kind: string;
  detail: string;
  help: string;
}

/** What can be typed at the caret. */
export interface Completion {
  /** Where the word begins that an option replaces: a column of the line. */
  from: number;
  options: Option[];
}

type Json = Record<string, unknown>;

export class Api {
  constructor(
    readonly name: string,
    readonly send: typeof fetch = (input, init) => fetch(input, init),
  ) {}

  get #draft(): string {
    return `/api/drafts/${addressPart(this.name)}`;
  }

  async save(
    draft: { text: string; input: string; base: number },
    keepalive = false,
  ): Promise<Saved | Conflict | Refused | Away> {
    const answer = await this.#ask("PUT", this.#draft, draft, keepalive);
    if (answer === null) return { kind: "away" };
    const { status, body } = answer;
    if (status === 200) {
      return {
        kind: "saved",
        revision: number(body.revision),
        published: body.published === true,
        problems: parseProblems(body.diagnostics),
      };
    }
    if (status === 409)
      return {
        kind: "conflict",
        revision: number(body.revision),
        text: string(body.text),
        message: string(body.error),
      };
    return status >= 500 || status === 429 ? { kind: "away" } : refused(body, status);
  }

  async validate(text: string): Promise<Problem[] | null> {
    const answer = await this.#ask("POST", "/api/validate", { text });
    return answer?.status === 200 ? parseProblems(answer.body.diagnostics) : null;
  }

  /** Does one state by itself; `body` says with which data. Null when it was stopped. */
  async testState(body: Json, stop: AbortSignal): Promise<Tested | Refused | Away | null> {
    const answer = await this.#ask("POST", "/api/test-state", body, false, stop);
    if (stop.aborted) return null;
    if (answer === null || answer.status >= 500) return { kind: "away" };
    return answer.status === 200 ? parseTested(answer.body) : refused(answer.body, answer.status);
  }

  /** What can be typed at a place of a JSONata expression; null when nobody answers. */
  async complete(body: Json): Promise<Completion | null> {
    const answer = await this.#ask("POST", `/api/workflows/${addressPart(this.name)}/complete`, body);
    return answer?.status === 200 ? parseCompletion(answer.body) : null;
  }

  async publish(): Promise<{ kind: "published" } | Refused | Away> {
    const answer = await this.#ask("POST", `/api/workflows/${addressPart(this.name)}/publish`, {});
    if (answer === null || answer.status >= 500) return { kind: "away" };
    return answer.status === 200 ? { kind: "published" } : refused(answer.body, answer.status);
  }

  /** Starts an execution of a version, an alias, or (of is "") the draft, which the server publishes first. */
  async run(
    action: string,
    input: string,
    name: string,
    of: string,
  ): Promise<{ kind: "started"; location: string } | Refused | Away> {
    const body = new URLSearchParams({ input, name, of });
    const answer = await this.#fetch(action, { method: "POST", body, headers: { accept: "application/json" } });
    if (answer === null || answer.status >= 500) return { kind: "away" };
    const location = string(answer.body.location);
    return answer.status < 300 && location.startsWith("/")
      ? { kind: "started", location }
      : refused(answer.body, answer.status);
  }

  #ask(
    method: string,
    url: string,
    body: Json,
    keepalive = false,
    signal?: AbortSignal,
  ): Promise<{ status: number; body: Json } | null> {
    const text = JSON.stringify(body);
    // Browsers refuse to keep more than 64 KiB alive over the end of a page.
    const alive = keepalive && text.length < 60_000;
    return this.#fetch(url, {
      method,
      body: text,
      keepalive: alive,
      ...(signal ? { signal } : {}),
      headers: { "content-type": "application/json", accept: "application/json" },
    });
  }

  async #fetch(url: string, init: RequestInit): Promise<{ status: number; body: Json } | null> {
    try {
      const response = await this.send(url, { ...init, credentials: "same-origin" });
      const body: unknown = await response.json().catch(() => ({}));
      return { status: response.status, body: isObject(body) ? body : {} };
    } catch {
      return null;
    }
  }
}

function refused(body: Json, status: number): Refused {
  const message = string(body.error) || `The server answered ${status}. Try again, or reload the page.`;
  return { kind: "refused", message, field: string(body.field), problems: parseProblems(body.diagnostics) };
}

function parseCompletion(body: Json): Completion {
  const options = (Array.isArray(body.options) ? body.options : []).filter(isObject).map((o) => ({
    label: string(o.label),
    apply: string(o.text),
    kind: string(o.kind),
    detail: string(o.detail),
    help: string(o.help),
  }));
  return { from: number(body.from), options };
}

const statuses = ["SUCCEEDED", "FAILED", "RETRIABLE", "CAUGHT_ERROR"] as const;

function parseTested(body: Json): Tested {
  return {
    kind: "tested",
    status: statuses.find((s) => s === body.status) ?? "FAILED",
    output: string(body.output),
    error: string(body.error),
    cause: string(body.cause),
    next: string(body.next),
    input: string(body.input),
    stages: (Array.isArray(body.stages) ? body.stages : [])
      .filter(isObject)
      .map((s) => ({ name: string(s.name), data: string(s.data) })),
    variables: string(body.variables),
    retrier: numberOrNull(body.retryIndex),
    catcher: numberOrNull(body.catchIndex),
    backoff: numberOrNull(body.backoffSeconds),
    request: parseMessage(body.request),
    response: parseMessage(body.response),
  };
}

function parseMessage(v: unknown): Message | null {
  return isObject(v) ? { line: string(v.line), headers: string(v.headers), body: string(v.body) } : null;
}

/** Problems from the network: what is not one is left out. */
export function parseProblems(list: unknown): Problem[] {
  if (!Array.isArray(list)) return [];
  return list.filter(isObject).map((d) => ({
    severity: d.severity === "ERROR" ? "ERROR" : "WARNING",
    code: string(d.code),
    message: string(d.message),
    location: string(d.location),
    line: number(d.line),
    column: number(d.column),
    endLine: number(d.endLine),
    endColumn: number(d.endColumn),
    state: string(d.state),
    field: string(d.field),
  }));
}

function isObject(v: unknown): v is Json {
  return typeof v === "object" && v !== null && !Array.isArray(v);
}

function string(v: unknown): string {
  return typeof v === "string" ? v : "";
}

function number(v: unknown): number {
  return typeof v === "number" && Number.isFinite(v) ? v : 0;
}

function numberOrNull(v: unknown): number | null {
  return typeof v === "number" && Number.isFinite(v) ? v : null;
}
