import { describe, expect, it } from "vitest";
import { catchLabel, ruleLabel } from "./choice";
import { meaningOf } from "./meaning";
import type { StateType } from "./model";
import { title } from "./title";

describe("meaningOf", () => {
  it.each<[StateType, Record<string, unknown>, string, string]>([
    [
      "Task",
      { Resource: "arn:aws:states:::http:invoke", Parameters: { ApiEndpoint: "https://payments.example.com/v1" } },
      "HTTP · payments",
      "globe",
    ],
    [
      "Task",
      { Resource: "arn:aws:states:::http:invoke", Parameters: { ApiEndpoint: "https://api.shop.example/v1" } },
      "HTTP · shop",
      "globe",
    ],
    [
      "Task",
      { Resource: "arn:aws:states:::http:invoke", Parameters: { "ApiEndpoint.$": "$.url", Method: "GET" } },
      "HTTP · GET",
      "globe",
    ],
    [
      "Task",
      { Resource: "arn:aws:states:::human:createTask.sync", Arguments: { CandidateGroups: ["finance"] } },
      "Human · finance",
      "user",
    ],
    ["Task", { Resource: "arn:aws:states:::human:createTask.sync" }, "Human task", "user"],
    [
      "Task",
      { Resource: "arn:aws:states:us-east-1:000000000000:activity:shipping" },
      "Activity · shipping",
      "shopping-bag",
    ],
    [
      "Task",
      { Resource: "arn:aws:lambda:us-east-1:000000000000:function:mailer" },
      "Function · mailer",
      "square-function",
    ],
    [
      "Task",
      {
        Resource: "arn:aws:states:::lambda:invoke",
        Parameters: { FunctionName: "arn:aws:lambda:us-east-1:1:function:mailer:$LATEST" },
      },
      "Function · mailer",
      "square-function",
    ],
    [
      "Task",
      {
        Resource: "arn:aws:states:::states:startExecution.sync:2",
        Parameters: { StateMachineArn: "arn:aws:states:us-east-1:0:stateMachine:Child" },
      },
      "Workflow · Child",
      "workflow",
    ],
    ["Task", { Resource: "arn:aws:states:::dynamodb:putItem" }, "DynamoDB · putItem", "database"],
    ["Task", { Resource: "arn:aws:states:::aws-sdk:rekognition:detectLabels" }, "Rekognition · detectLabels", "braces"],
    ["Task", { Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken" }, "SQS · sendMessage", "message-square"],
    ["Task", {}, "Task · no resource yet", "zap"],
    ["Choice", { Choices: [{}, {}] }, "Choice · 2 rules", "split"],
    ["Choice", { Choices: [{}] }, "Choice · 1 rule", "split"],
    ["Wait", { Seconds: 5 }, "Wait · 5 s", "clock"],
    ["Wait", { Seconds: 0 }, "Wait · 0 s", "clock"],
    ["Wait", { Seconds: 7200 }, "Wait · 2 h", "clock"],
    ["Wait", { TimestampPath: "$.order.due" }, "Wait · until due", "clock"],
    ["Wait", { Timestamp: "2026-03-01T09:00:00Z" }, "Wait · until 2026-03-01 09:00", "clock"],
    ["Map", { MaxConcurrency: 10 }, "Map · up to 10 at once", "layers"],
    ["Map", { MaxConcurrency: 1 }, "Map · one by one", "layers"],
    ["Map", { MaxConcurrency: "{% 2 %}" }, "Map · limit is computed", "layers"],
    ["Map", { MaxConcurrencyPath: "$.n" }, "Map · limit is computed", "layers"],
    ["Map", {}, "Map · all at once", "layers"],
    [
      "Parallel",
      { Branches: [{}, {}], Retry: [{ MaxAttempts: 2 }, {}] },
      "Parallel · 2 branches · retry 3 ×",
      "columns-2",
    ],
    ["Fail", { Error: "OrderFailed" }, "Fail · OrderFailed", "x"],
    ["Succeed", {}, "Succeed", "check"],
  ])("%s %j", (type, json, meaning, icon) => expect(meaningOf(type, json)).toMatchObject({ meaning, icon }));
});

describe("ruleLabel", () => {
  it.each<[unknown, string]>([
    [{ Variable: "$.order.total", NumericGreaterThan: 500 }, "total > 500"],
    [{ Variable: "$.status", StringEquals: "SUCCEEDED" }, "status = SUCCEEDED"],
    [{ Variable: "$.Item.status.S", StringEquals: "DONE" }, "status = DONE"],
    [{ Not: { Variable: "$.status", StringEquals: "ok" } }, "status ≠ ok"],
    [{ Variable: "$.approved", BooleanEquals: true }, "approved"],
    [{ Variable: "$.approved", BooleanEquals: false }, "not approved"],
    [{ Variable: "$.x", IsPresent: false }, "x is missing"],
    [{ Not: { Variable: "$.x", IsNumeric: true } }, "x is not a number"],
    [{ Variable: "$.a", NumericLessThanEqualsPath: "$.limits.most" }, "a ≤ most"],
    [{ Variable: "$.name", StringMatches: "log-*" }, "name like log-*"],
    [{ Variable: "$.items[0]", IsNull: true }, "items[0] is null"],
    [
      {
        And: [
          { Variable: "$.a", NumericEquals: 1 },
          { Variable: "$.b", NumericEquals: 2 },
        ],
      },
      "a = 1 and b = 2",
    ],
    [
      {
        Not: {
          Or: [
            { Variable: "$.a", NumericEquals: 1 },
            { Variable: "$.b", NumericEquals: 2 },
          ],
        },
      },
      "a ≠ 1 and b ≠ 2",
    ],
    [{ Or: [1, 2, 3].map((n) => ({ Variable: "$.a", NumericEquals: n })) }, "a = 1 or 2 more"],
    [{ Condition: "{% $states.input.total > 500 %}" }, "total > 500"],
    [{ Comment: "first order", Variable: "$.n", NumericEquals: 1 }, "first order"],
    [{}, "?"],
    [null, "rule"],
  ])("%j", (rule, words) => expect(ruleLabel(rule)).toBe(words));

  it("stays short", () => {
    expect(
      ruleLabel({ Variable: "$.aVeryLongNameForAFieldThatNobodyShouldUse", StringEquals: "something" }).length,
    ).toBeLessThanOrEqual(30);
  });
});

describe("catchLabel", () => {
  it.each<[unknown, string]>([
    [{ ErrorEquals: ["PaymentError"] }, "catch PaymentError"],
    [{ ErrorEquals: ["States.ALL"] }, "catch any error"],
    [{ ErrorEquals: ["States.Timeout", "A", "B"] }, "catch Timeout + 2"],
    [{}, "catch"],
  ])("%j", (catcher, words) => expect(catchLabel(catcher)).toBe(words));
});

describe("title", () => {
  it("shows hyphens as spaces", () => expect(title("Order-review")).toBe("Order review"));
});
