/** Walks all stations with the AWS SDK for JavaScript: node walk_sdk.mjs http://127.0.0.1:8080 */
import { deepStrictEqual as equal } from "node:assert";
import { Agent } from "node:http";
import * as sdk from "@aws-sdk/client-sfn";
import {
  closed,
  create,
  definition,
  gather,
  machine,
  machines,
  order,
  parsed,
  prefix,
  refused,
  role,
  run,
  settings,
  sfn,
  state,
  take,
  until,
  worker,
} from "./steps";

const stations: Record<string, () => Promise<void>> = {
  async create() {
    const more = { tags: [{ key: "team", value: "red" }], tracingConfiguration: { enabled: true } };
    const made = await create("order", definition("order-1"), more);
    equal(made.stateMachineArn, order);
    equal(Math.abs(Date.now() - made.creationDate!.getTime()) < 60_000, true);
    equal((await create("order", definition("order-1"), more)).creationDate, made.creationDate);
    const exists = `State Machine Already Exists: '${order}'`;
    await refused(create("order", definition("order-2"), more), sdk.StateMachineAlreadyExists, exists);
    await refused(create("wrong", '{"StartAt": "A"}'), sdk.InvalidDefinition, "SCHEMA_VALIDATION_FAILED", "[States]");
    await refused(create("no spaces", definition("order-1")), sdk.InvalidName);

    const got = await sfn.describeStateMachine({ stateMachineArn: order });
    equal([got.name, got.status, got.type, got.roleArn], ["order", "ACTIVE", "STANDARD", role]);
    equal([got.definition, got.tracingConfiguration], [definition("order-1"), { enabled: true }]);
    const bare = await sfn.describeStateMachine({ stateMachineArn: order, includedData: "METADATA_ONLY" });
    equal(bare.definition, "{}");
    equal(await machines(), ["order", "Order-review"]);

    equal((await sfn.validateStateMachineDefinition({ definition: definition("order-1") })).result, "OK");
    const judged = await sfn.validateStateMachineDefinition({
      definition: '{"StartAt": "A", "States": {"A": {"Type": "Pass"}}}',
    });
    equal([judged.result, judged.diagnostics?.[0]?.severity], ["FAIL", "ERROR"]);
  },

  async publish() {
    const publish = async (more: Partial<sdk.PublishStateMachineVersionInput>) =>
      (await sfn.publishStateMachineVersion({ stateMachineArn: order, ...more })).stateMachineVersionArn;
    equal(await publish({ description: "the first rate" }), `${order}:1`);
    equal(await publish({}), `${order}:1`);
    const changed = await sfn.updateStateMachine({ stateMachineArn: order, definition: definition("order-2") });
    await refused(publish({ revisionId: "INITIAL" }), sdk.ConflictException, "revision");
    equal(await publish({ revisionId: changed.revisionId }), `${order}:2`);
    const back = { definition: definition("order-1"), publish: true, versionDescription: "back" };
    const third = await sfn.updateStateMachine({ stateMachineArn: order, ...back });
    equal(third.stateMachineVersionArn, `${order}:3`);
    await refused(sfn.updateStateMachine({ stateMachineArn: order }), sdk.MissingRequiredParameter);
    const versions: (string | undefined)[] = [];
    let nextToken: string | undefined;
    do {
      const page = await sfn.listStateMachineVersions({ stateMachineArn: order, maxResults: 1, nextToken });
      versions.push(...page.stateMachineVersions!.map((v) => v.stateMachineVersionArn));
      nextToken = page.nextToken;
    } while (nextToken);
    equal(versions, [`${order}:3`, `${order}:2`, `${order}:1`]);
    await sfn.deleteStateMachineVersion({ stateMachineVersionArn: `${order}:3` });
    const second = await sfn.describeStateMachine({ stateMachineArn: `${order}:2` });
    equal(second.definition, definition("order-2"));
    await refused(sfn.describeStateMachine({ stateMachineArn: `${order}:3` }), sdk.StateMachineDoesNotExist);
  },

  async alias() {
    const to = (version: number, weight: number) => ({ stateMachineVersionArn: `${order}:${version}`, weight });
    const first = { name: "PROD", description: "for all", routingConfiguration: [to(1, 100)] };
    const prod = (await sfn.createStateMachineAlias(first)).stateMachineAliasArn!;
    equal(prod, `${order}:PROD`);
    const x = await closed(await run(prod, '{"id": 1}'));
    equal([parsed(x.output), x.stateMachineAliasArn], [{ id: 1, rate: 1 }, prod]);
    equal(x.stateMachineVersionArn, `${order}:1`);
    const update = (...routingConfiguration: sdk.RoutingConfigurationListItem[]) =>
      sfn.updateStateMachineAlias({ stateMachineAliasArn: prod, routingConfiguration });
    const refusal = await refused(update(to(1, 50), to(2, 40)), sdk.ValidationException);
    equal(refusal.reason, "INVALID_ROUTING_CONFIGURATION");
    await update(to(1, 0), to(2, 100));
    const got = await sfn.describeStateMachineAlias({ stateMachineAliasArn: prod });
    equal([got.name, got.description, got.routingConfiguration], ["PROD", "for all", [to(1, 0), to(2, 100)]]);
    equal(got.updateDate! >= got.creationDate!, true);
    await sfn.createStateMachineAlias({ name: "TEST", routingConfiguration: [to(2, 100)] });
    const aliases: (string | undefined)[] = [];
    let nextToken: string | undefined;
    do {
      const page = await sfn.listStateMachineAliases({ stateMachineArn: order, maxResults: 1, nextToken });
      aliases.push(...page.stateMachineAliases!.map((a) => a.stateMachineAliasArn));
      nextToken = page.nextToken;
    } while (nextToken);
    equal(aliases, [prod, `${order}:TEST`]);
    const version = sfn.deleteStateMachineVersion({ stateMachineVersionArn: `${order}:1` });
    await refused(version, sdk.ConflictException, "[PROD]");
  },

  async tags() {
    const tags = async () =>
      Object.fromEntries((await sfn.listTagsForResource({ resourceArn: order })).tags!.map((t) => [t.key, t.value]));
    equal(await tags(), { team: "red" });
    await sfn.tagResource({
      resourceArn: order,
      tags: [
        { key: "team", value: "blue" },
        { key: "cost", value: "" },
      ],
    });
    equal(await tags(), { team: "blue", cost: "" });
    await sfn.untagResource({ resourceArn: order, tagKeys: ["cost"] });
    equal(await tags(), { team: "blue" });
    const one = [{ key: "a", value: "b" }];
    const refusal = await refused(
      sfn.tagResource({ resourceArn: machine("nowhere"), tags: one }),
      sdk.ResourceNotFound,
    );
    equal(refusal.resourceName, machine("nowhere"));
    const many = Array.from({ length: 51 }, (_, n) => ({ key: `${n}`, value: "x" }));
    await refused(sfn.tagResource({ resourceArn: order, tags: many }), sdk.TooManyTags);
  },

  async start() {
    const traceHeader = "Root=1-67891233-abcdef012345678912345678";
    const start = { stateMachineArn: `${order}:PROD`, name: "first", input: '{"id": 7}', traceHeader };
    const made = await sfn.startExecution(start);
    const executionArn = made.executionArn!;
    equal(executionArn, `${prefix}execution:order:first`);
    const got = await closed(executionArn);
    equal([got.status, parsed(got.input), parsed(got.output)], ["SUCCEEDED", { id: 7 }, { id: 7, rate: 2 }]);
    equal([got.stateMachineArn, got.traceHeader, got.inputDetails], [order, traceHeader, { included: true }]);
    equal([got.startDate, got.stopDate! >= got.startDate!], [made.startDate, true]);
    equal((await sfn.describeExecution({ executionArn, includedData: "METADATA_ONLY" })).output, undefined);
    equal((await sfn.describeStateMachineForExecution({ executionArn })).definition, definition("order-2"));
    await refused(sfn.startExecution(start), sdk.ExecutionAlreadyExists, `Execution Already Exists: '${executionArn}'`);
    await refused(run(order, "seven"), sdk.InvalidExecutionInput, "Invalid State Machine Execution Input: '");
    await refused(run(machine("nowhere"), "{}"), sdk.StateMachineDoesNotExist, machine("nowhere"));

    const big = await closed(await run(order, '{"id": 2000}', "big"));
    equal([big.status, big.error, big.cause], ["FAILED", "TooBig", "nobody orders this much"]);
    const failed = await sfn.listExecutions({ stateMachineArn: order, statusFilter: "FAILED" });
    equal(
      failed.executions?.map((x) => x.name),
      ["big"],
    );
    const all = sdk.paginateListExecutions({ client: sfn, pageSize: 1 }, { stateMachineArn: order });
    const versions = await gather(all, (p) => p.executions?.map((x) => x.stateMachineVersionArn));
    equal(versions, [undefined, `${order}:2`, `${order}:1`]); // newest first
  },

  async stop() {
    equal((await sfn.createActivity({ name: "worker" })).activityArn, worker);
    await create("work", definition("work"));
    const start = { stateMachineArn: machine("work"), name: "stopped", input: '{"n": 1}' };
    const made = await sfn.startExecution(start);
    const again = await sfn.startExecution(start);
    equal([again.executionArn, again.startDate], [made.executionArn, made.startDate]);
    const executionArn = made.executionArn!;
    const stop = await sfn.stopExecution({ executionArn, error: "Enough", cause: "no more of it" });
    const got = await closed(executionArn);
    equal([got.status, got.error, got.cause, got.stopDate], ["ABORTED", "Enough", "no more of it", stop.stopDate]);
  },

  async activity() {
    equal((await sfn.describeActivity({ activityArn: worker })).name, "worker");
    const listed = await gather(sdk.paginateListActivities({ client: sfn }, {}), (p) => p.activities);
    equal(
      listed.map((a) => a.activityArn),
      [worker],
    );
    const done = await run(machine("work"), '{"n": 12}');
    const { taskToken, input } = await take();
    equal(input, { n: 12 });
    await sfn.sendTaskHeartbeat({ taskToken });
    await refused(sfn.sendTaskSuccess({ taskToken, output: "{" }), sdk.InvalidOutput);
    await sfn.sendTaskSuccess({ taskToken, output: '{"square": 144}' });
    equal(parsed((await closed(done)).output), { square: 144 });
    await refused(sfn.sendTaskSuccess({ taskToken, output: "{}" }), sdk.TaskTimedOut);
    await refused(sfn.sendTaskHeartbeat({ taskToken: "made up" }), sdk.InvalidToken);

    const failed = await run(machine("work"), "{}");
    await sfn.sendTaskFailure({ taskToken: (await take()).taskToken, error: "Tired", cause: "it is late" });
    const got = await closed(failed);
    equal([got.status, got.error, got.cause], ["FAILED", "Tired", "it is late"]);
    const activityArn = `${prefix}activity:nobody`;
    await refused(sfn.getActivityTask({ activityArn }), sdk.ActivityDoesNotExist, activityArn);
  },

  async callback() {
    await create("asked", definition("asked"));
    await create("callback", definition("callback"));
    /** Starts an execution that asks, and gives it with the token that its child was handed. */
    const asked = async (name: string) => {
      const asks = await run(machine("callback"), '{"question": "why"}', name);
      const child = `${prefix}execution:asked:${name}-asked`;
      await until("the child has started", async () =>
        (await sfn.listExecutions({ stateMachineArn: machine("asked") })).executions!.some(
          (x) => x.executionArn === child,
        ),
      );
      const input = parsed((await sfn.describeExecution({ executionArn: child })).input);
      return { asks, taskToken: input.token as string };
    };
    const yes = await asked("yes");
    await sfn.sendTaskHeartbeat({ taskToken: yes.taskToken });
    await sfn.sendTaskSuccess({ taskToken: yes.taskToken, output: '{"answer": 42}' });
    equal(parsed((await closed(yes.asks)).output), { answer: 42 });
    const no = await asked("no");
    await sfn.sendTaskFailure({ taskToken: no.taskToken, error: "Refused", cause: "too hard" });
    equal(parsed((await closed(no.asks)).output).why, { Error: "Refused", Cause: "too hard" });
  },

  async history() {
    const executionArn = `${prefix}execution:order:first`;
    const pages = sdk.paginateGetExecutionHistory({ client: sfn, pageSize: 2 }, { executionArn });
    const events = await gather(pages, (p) => p.events);
    equal(
      events.map((e) => e.id),
      [1, 2, 3, 4, 5, 6, 7, 8],
    );
    equal(
      events.map((e) => e.type).join(" "),
      "ExecutionStarted PassStateEntered PassStateExited ChoiceStateEntered ChoiceStateExited SucceedStateEntered SucceedStateExited ExecutionSucceeded",
    );
    equal(parsed(events[0]!.executionStartedEventDetails?.input), { id: 7 });
    equal(events[0]!.timestamp! <= events[7]!.timestamp!, true);
    const bare = { executionArn, reverseOrder: true, maxResults: 1, includeExecutionData: false };
    const last = (await sfn.getExecutionHistory(bare)).events!;
    equal([last.length, last[0]!.type], [1, "ExecutionSucceeded"]);
    equal(last[0]!.executionSucceededEventDetails?.output, undefined);
    await refused(sfn.getExecutionHistory({ executionArn, nextToken: "made up" }), sdk.InvalidToken, "Invalid Token");
    const words = `Execution Does Not Exist: '${executionArn}-not'`;
    await refused(sfn.getExecutionHistory({ executionArn: `${executionArn}-not` }), sdk.ExecutionDoesNotExist, words);
  },

  async redrive() {
    const executionArn = await run(machine("work"), '{"n": 3}', "twice");
    await sfn.sendTaskFailure({ taskToken: (await take()).taskToken, error: "Tired" });
    equal((await closed(executionArn)).redriveStatus, "REDRIVABLE");
    const { redriveDate } = await sfn.redriveExecution({ executionArn });
    const { taskToken, input } = await take();
    equal(input, { n: 3 });
    await sfn.sendTaskSuccess({ taskToken, output: "9" });
    const got = await closed(executionArn);
    equal([got.status, got.output, got.redriveCount, got.redriveDate], ["SUCCEEDED", "9", 1, redriveDate]);
    const words = "Execution is SUCCEEDED and cannot be redriven";
    await refused(sfn.redriveExecution({ executionArn }), sdk.ExecutionNotRedrivable, words);
    const listed = await sfn.listExecutions({ stateMachineArn: machine("work"), redriveFilter: "REDRIVEN" });
    equal(
      listed.executions?.map((x) => x.executionArn),
      [executionArn],
    );
  },

  async "map run"() {
    await create("each", definition("each"));
    const executionArn = await run(machine("each"), "[1, 2, 3]");
    const first = await take();
    const listed = await gather(sdk.paginateListMapRuns({ client: sfn }, { executionArn }), (p) => p.mapRuns);
    equal(
      listed.map((r) => [r.executionArn, r.stateMachineArn]),
      [[executionArn, machine("each/Each")]],
    );
    const mapRunArn = listed[0]!.mapRunArn!;
    let got = await sfn.describeMapRun({ mapRunArn });
    equal([got.status, got.maxConcurrency, got.itemCounts?.running, got.itemCounts?.total], ["RUNNING", 1, 1, 3]);
    await sfn.updateMapRun({ mapRunArn, maxConcurrency: 3, toleratedFailurePercentage: 50 });
    equal((await sfn.describeMapRun({ mapRunArn })).toleratedFailurePercentage, 50);
    const others = [await take(), await take()]; // both are there while the first is still out
    equal([first, ...others].map((t) => t.input).sort(), [1, 2, 3]);
    await sfn.sendTaskFailure({ taskToken: first.taskToken, error: "Odd" });
    for (const { taskToken } of others) await sfn.sendTaskSuccess({ taskToken, output: "{}" });
    equal((await closed(executionArn)).status, "SUCCEEDED");
    got = await sfn.describeMapRun({ mapRunArn });
    equal([got.status, got.itemCounts?.succeeded, got.itemCounts?.failed], ["SUCCEEDED", 2, 1]);
    const children = (await sfn.listExecutions({ mapRunArn })).executions!;
    equal(children.map((x) => x.status).sort(), ["FAILED", "SUCCEEDED", "SUCCEEDED"]);
    equal((await sfn.describeExecution({ executionArn: children[0]!.executionArn })).mapRunArn, mapRunArn);
    const refusal = await refused(sfn.updateMapRun({ mapRunArn, maxConcurrency: 1 }), sdk.ValidationException);
    equal(refusal.reason, "CANNOT_UPDATE_COMPLETED_MAP_RUN");
  },

  async express() {
    await create("sum", definition("express"), { type: "EXPRESS" });
    const start = { stateMachineArn: machine("sum"), name: "now", input: '{"numbers": [1, 2, 3]}' };
    const got = await sfn.startSyncExecution(start);
    equal([got.status, parsed(got.output), got.name], ["SUCCEEDED", { sum: 6 }, "now"]);
    equal(got.executionArn?.startsWith(`${prefix}express:sum:now:`), true);
    equal(got.billingDetails!.billedDurationInMilliseconds! > 0, true);
    await refused(sfn.startSyncExecution({ stateMachineArn: order }), sdk.StateMachineTypeNotSupported);
    await refused(sfn.describeExecution({ executionArn: got.executionArn }), sdk.InvalidArn, "express");
  },

  async "test state"() {
    const price = { definition: state("order-1", "Price"), roleArn: role, input: '{"id": 5}' };
    let got = await sfn.testState({ ...price, inspectionLevel: "DEBUG" });
    equal([got.status, parsed(got.output), got.nextState], ["SUCCEEDED", { id: 5, rate: 1 }, "Big?"]);
    equal(parsed(got.inspectionData?.afterParameters), { id: 5, rate: 1 });
    got = await sfn.testState({
      definition: definition("callback"),
      stateName: "Ask",
      input: '{"question": "why"}',
      mock: { errorOutput: { error: "Refused", cause: "too hard" } },
      context: '{"Execution": {"Name": "x"}, "Task": {"Token": "t"}}',
    });
    equal([got.status, got.error, got.nextState], ["CAUGHT_ERROR", "Refused", "Refused"]);
    const ask = sfn.testState({ definition: state("callback", "Ask") });
    await refused(ask, sdk.InvalidDefinition, "'.waitForTaskToken'", "without a mock");
  },

  async prefix() {
    // No name server knows the host with sync- before it; for this station it is this machine.
    const agent = new Agent({ lookup: (_name, _options, found) => found(null, [{ address: "127.0.0.1", family: 4 }]) });
    const prefixed = new sdk.SFN({ ...settings, requestHandler: { httpAgent: agent } });
    const got = await prefixed.startSyncExecution({ stateMachineArn: machine("sum"), input: '{"numbers": [4]}' });
    equal(parsed(got.output), { sum: 4 });
    agent.destroy();
  },

  async "lost answer"() {
    const start = { stateMachineArn: machine("work"), name: "lost-answer", input: '{"n": 5}' };
    const { executionArn, $metadata: started } = await sfn.startExecution(start);
    equal(started.attempts, 2);
    await sfn.sendTaskFailure({ taskToken: (await take()).taskToken, error: "Tired" });
    await closed(executionArn!);
    equal((await sfn.redriveExecution({ executionArn })).$metadata.attempts, 2);
    await sfn.sendTaskSuccess({ taskToken: (await take()).taskToken, output: "{}" });
    equal((await closed(executionArn!)).redriveCount, 1);
  },

  async throttled() {
    for (const name of ["second", "third"]) await sfn.createActivity({ name });
    const listed = await gather(sdk.paginateListActivities({ client: sfn, pageSize: 1 }, {}), (p) => p.activities);
    equal(listed.map((a) => a.name).sort(), ["second", "third", "worker"]);
    for (const name of ["second", "third"]) await sfn.deleteActivity({ activityArn: `${prefix}activity:${name}` });
  },

  async errors() {
    const words = "Invalid Arn: 'Invalid ARN prefix: order'";
    const told = await refused(sfn.describeStateMachine({ stateMachineArn: "order" }), sdk.InvalidArn, words);
    equal([told.name, told.$fault, told.$metadata.httpStatusCode], ["InvalidArn", "client", 400]);
    equal([told.$metadata.requestId?.length, told.$metadata.attempts], [36, 1]);
    const wrong = { type: "FAST" as sdk.StateMachineType, publish: true, versionDescription: "x".repeat(257) };
    const both = ["2 validation errors detected: ", "[STANDARD, EXPRESS]", "'versionDescription'"];
    await refused(create("wrong", definition("order-1"), wrong), sdk.ValidationException, ...both);
    equal((await sfn.listStateMachines({})).$metadata.requestId?.length, 36);
  },

  async delete() {
    const work = { stateMachineArn: machine("work") };
    const waiting = await run(machine("work"), "{}");
    await sfn.deleteStateMachine(work);
    equal((await sfn.describeStateMachine(work)).status, "DELETING");
    await refused(sfn.startExecution(work), sdk.StateMachineDeleting);
    await sfn.sendTaskSuccess({ taskToken: (await take()).taskToken, output: "{}" });
    equal((await closed(waiting)).status, "SUCCEEDED");
    const alias = { stateMachineAliasArn: `${order}:TEST` };
    await sfn.deleteStateMachineAlias(alias);
    await refused(sfn.describeStateMachineAlias(alias), sdk.ResourceNotFound);
    const names = ["order", "asked", "callback", "each", "sum", "order"]; // the last one again: no error, as on AWS
    for (const name of names) await sfn.deleteStateMachine({ stateMachineArn: machine(name) });
    await until("only the sample is left", async () => (await machines()).join() === "Order-review");
    await refused(sfn.describeStateMachine({ stateMachineArn: order }), sdk.StateMachineDoesNotExist);
    await sfn.deleteActivity({ activityArn: worker });
    equal((await sfn.listActivities({})).activities, []);
  },
};

for (const [name, walk] of Object.entries(stations)) {
  await walk();
  console.log("station:", name);
}
