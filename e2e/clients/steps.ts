/** What the stations of the walk with the SDK for JavaScript share: the client, names, waiting, refusals. */
import { readFileSync } from "node:fs";
import * as sdk from "@aws-sdk/client-sfn";

const endpoint = process.argv[2]!;
export const settings: sdk.SFNClientConfig = {
  endpoint,
  region: "us-east-1",
  maxAttempts: 10, // for the station that is throttled
  credentials: { accessKeyId: process.env.AWS_ACCESS_KEY_ID!, secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY! },
};
export const sfn = new sdk.SFN({ ...settings, disableHostPrefix: true });

export const role = "arn:aws:iam::000000000000:role/any";
export const prefix = "arn:aws:states:us-east-1:000000000000:";
export const machine = (name: string) => `${prefix}stateMachine:${name}`;
export const order = machine("order");
export const worker = `${prefix}activity:worker`;
export const definition = (name: string) => readFileSync(`machines/${name}.asl.json`, "utf8");
export const state = (name: string, state: string) => JSON.stringify(JSON.parse(definition(name)).States[state]);
export const parsed = (text?: string) => JSON.parse(text ?? "null");

/** Expects that a call is refused by the exception whose message has the words. */
export async function refused<E extends Error>(
  call: Promise<unknown>,
  kind: new (_: never) => E,
  ...words: string[]
): Promise<E> {
  const error = await call.then(
    () => new Error("was not refused"),
    (e) => e,
  );
  if (!(error instanceof kind)) throw new Error(`want ${kind.name}`, { cause: error });
  for (const word of words)
    if (!error.message.includes(word)) throw new Error(`does not say ${word}`, { cause: error });
  return error;
}

/** Asks again until there is an answer, and gives it. */
export async function until<T>(what: string, answer: () => Promise<T | false | undefined>): Promise<T> {
  for (const end = Date.now() + 60_000; Date.now() < end; ) {
    const got = await answer();
    if (got) return got;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`waited a minute for: ${what}`);
}

export const create = (name: string, text: string, more: Partial<sdk.CreateStateMachineInput> = {}) =>
  sfn.createStateMachine({ name, definition: text, roleArn: role, ...more });
export const run = async (stateMachineArn: string, input: string, name?: string) =>
  (await sfn.startExecution({ stateMachineArn, input, name })).executionArn!;
export const closed = (executionArn: string) =>
  until(`${executionArn} has closed`, async () => {
    const x = await sfn.describeExecution({ executionArn });
    return x.status !== "RUNNING" && x;
  });
/** Takes the oldest task of the activity. */
export async function take() {
  const { taskToken, input } = await sfn.getActivityTask({ activityArn: worker, workerName: "ann" });
  if (!taskToken) throw new Error("no task came");
  return { taskToken, input: parsed(input) };
}
export async function gather<P, T>(pages: AsyncIterable<P>, items: (page: P) => T[] | undefined): Promise<T[]> {
  const found: T[] = [];
  for await (const page of pages) found.push(...(items(page) ?? []));
  return found;
}
export const machines = () =>
  gather(sdk.paginateListStateMachines({ client: sfn, pageSize: 1 }, {}), (p) => p.stateMachines?.map((m) => m.name));
