"""Walks all stations with the aws CLI: python walk_cli.py path/to/aws http://127.0.0.1:8080

Most commands run in a fork of this program, where all that the program `aws` loads is there already: there are 150
of them, and starting Python for each would take minutes.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile

import awscli.clidriver

from steps import ARN, HERE, ROLE, definition, equal, machine, station, until, walk

AWS, ENDPOINT = sys.argv[1:3]
ORDER, WORKER = machine("order"), f"{ARN}activity:worker"

os.environ["AWS_DEFAULT_REGION"] = "us-east-1"
os.environ["AWS_DISABLE_HOST_PREFIX_INJECTION"] = "true"
os.environ["AWS_RETRY_MODE"] = "standard"
os.environ["AWS_MAX_ATTEMPTS"] = "10"  # for the station that is throttled

driver = awscli.clidriver.create_clidriver()
with contextlib.redirect_stdout(io.StringIO()):
    driver.main(["stepfunctions", "list-activities", "--endpoint-url", ENDPOINT])  # which loads the rest of it


class Done:
    """What a command printed, and its exit status."""

    def __init__(self, command, status, out, err):
        self.command, self.status, self.out, self.err = " ".join(command), status, out, err


def call(command):
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        child = os.fork()
        if child == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            status = driver.main(["stepfunctions", *command, "--endpoint-url", ENDPOINT])
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        out.seek(0)
        err.seek(0)
        return Done(command, status, out.read(), err.read())


def program(command, **settings):
    """Runs a command with the installed program, and other settings than ours."""
    done = subprocess.run(
        [AWS, "stepfunctions", *command, "--endpoint-url", ENDPOINT], env={**os.environ, **settings}, capture_output=True, text=True, check=False
    )
    return Done(command, done.returncode, done.stdout, done.stderr)


def aws(*command):
    """Runs a command and gives what it prints: JSON as a value, with --output text as text."""
    return printed(call(command))


def printed(done):
    assert done.status == 0, f"{done.command}: status {done.status}\n{done.err}"
    if "--output text" in done.command:
        return done.out.rstrip("\n")
    return json.loads(done.out) if done.out else None


def refused(error, *words, by):
    """Runs a command that fails, as the CLI tells it: status 255, the error's name and AWS's words."""
    done = call(by)
    equal(done.status, 255)
    for word in (f"An error occurred ({error}) when calling", *words):
        assert word in done.err, f"{done.command}: {done.err} does not say {word!r}"


def create(name, text, *more):
    return aws("create-state-machine", "--name", name, "--definition", f"file://{HERE}/machines/{text}.asl.json", "--role-arn", ROLE, *more)


def start(arn, *more):
    return aws("start-execution", "--state-machine-arn", arn, *more, "--query", "executionArn", "--output", "text")


def closed(execution):
    """Waits until an execution is over, and describes it."""

    def over():
        x = aws("describe-execution", "--execution-arn", execution)
        return x["status"] != "RUNNING" and x

    return until(f"{execution} has closed", over)


def take():
    """Takes the oldest task of the activity: its token and its input."""
    token, text = aws("get-activity-task", "--activity-arn", WORKER, "--worker-name", "ann", "--query", "[taskToken, input]", "--output", "text").split("\t")
    assert token != "None", "no task came"
    return token, json.loads(text)


def succeed(token, output):
    equal(aws("send-task-success", "--task-token", token, "--task-output", output), None)


def fail(token, error, cause="none"):
    equal(aws("send-task-failure", "--task-token", token, "--error", error, "--cause", cause), None)


@station("create")
def _():
    made = create("order", "order-1", "--tags", "key=team,value=red", "--tracing-configuration", "enabled=true")
    equal(made["stateMachineArn"], ORDER)
    equal(create("order", "order-1", "--tracing-configuration", "enabled=true"), made)
    bad = ["create-state-machine", "--role-arn", ROLE, "--name"]
    refused("StateMachineAlreadyExists", f"State Machine Already Exists: '{ORDER}'", by=[*bad, "order", "--definition", definition("order-2")])
    refused("InvalidDefinition", "SCHEMA_VALIDATION_FAILED", by=[*bad, "wrong", "--definition", '{"StartAt": "A"}'])

    got = aws("describe-state-machine", "--state-machine-arn", ORDER)
    equal((got["name"], got["status"], got["type"], got["tracingConfiguration"]), ("order", "ACTIVE", "STANDARD", {"enabled": True}))
    equal(json.loads(got["definition"]), json.loads(definition("order-1")))
    names = ["list-state-machines", "--page-size", "1", "--query", "stateMachines[].name"]
    equal(printed(program(names)), ["order", "Order-review"])
    first = aws("list-state-machines", "--max-items", "1")
    rest = aws("list-state-machines", "--starting-token", first["NextToken"])
    equal([m["name"] for m in first["stateMachines"] + rest["stateMachines"]], ["order", "Order-review"])
    equal(aws("validate-state-machine-definition", "--definition", definition("order-1"), "--query", "result", "--output", "text"), "OK")


@station("publish")
def _():
    def publish(*more):
        return aws("publish-state-machine-version", "--state-machine-arn", ORDER, *more, "--query", "stateMachineVersionArn", "--output", "text")

    equal(publish("--description", "the first rate"), f"{ORDER}:1")
    changed = aws("update-state-machine", "--state-machine-arn", ORDER, "--definition", definition("order-2"))
    refused("ConflictException", "revision", by=["publish-state-machine-version", "--state-machine-arn", ORDER, "--revision-id", "INITIAL"])
    equal(publish("--revision-id", changed["revisionId"]), f"{ORDER}:2")
    third = aws("update-state-machine", "--cli-input-json", json.dumps({"stateMachineArn": ORDER, "definition": definition("order-1"), "publish": True}))
    equal(third["stateMachineVersionArn"], f"{ORDER}:3")
    refused("MissingRequiredParameter", by=["update-state-machine", "--state-machine-arn", ORDER])
    page = aws("list-state-machine-versions", "--state-machine-arn", ORDER, "--max-results", "2")
    rest = aws("list-state-machine-versions", "--state-machine-arn", ORDER, "--next-token", page["nextToken"])
    equal([v["stateMachineVersionArn"][-2:] for v in page["stateMachineVersions"] + rest["stateMachineVersions"]], [":3", ":2", ":1"])
    equal(aws("delete-state-machine-version", "--state-machine-version-arn", f"{ORDER}:3"), None)
    refused("StateMachineDoesNotExist", by=["describe-state-machine", "--state-machine-arn", f"{ORDER}:3"])


@station("alias")
def _():
    def to(*routes):
        return ["--routing-configuration", json.dumps([{"stateMachineVersionArn": f"{ORDER}:{version}", "weight": weight} for version, weight in routes])]

    prod = aws("create-state-machine-alias", "--name", "PROD", "--routing-configuration", f"stateMachineVersionArn={ORDER}:1,weight=100")["stateMachineAliasArn"]
    run = closed(start(prod, "--input", '{"id": 1}'))
    equal((json.loads(run["output"]), run["stateMachineAliasArn"], run["stateMachineVersionArn"]), ({"id": 1, "rate": 1}, prod, f"{ORDER}:1"))
    refused("ValidationException", by=["update-state-machine-alias", "--state-machine-alias-arn", prod, *to((1, 50), (2, 40))])
    aws("update-state-machine-alias", "--state-machine-alias-arn", prod, *to((1, 0), (2, 100)))
    equal(aws("describe-state-machine-alias", "--state-machine-alias-arn", prod, "--query", "routingConfiguration[].weight"), [0, 100])
    aws("create-state-machine-alias", "--name", "TEST", *to((2, 100)))
    equal(aws("list-state-machine-aliases", "--state-machine-arn", ORDER, "--query", "stateMachineAliases[].stateMachineAliasArn"), [prod, f"{ORDER}:TEST"])
    refused("ConflictException", "[PROD]", by=["delete-state-machine-version", "--state-machine-version-arn", f"{ORDER}:1"])


@station("tags")
def _():
    tags = ["list-tags-for-resource", "--resource-arn", ORDER, "--query", "tags[].[key, value]"]
    equal(aws(*tags), [["team", "red"]])
    equal(aws("tag-resource", "--resource-arn", ORDER, "--tags", "key=team,value=blue", "key=cost,value=7"), None)
    equal(aws(*tags), [["team", "blue"], ["cost", "7"]])
    equal(aws("untag-resource", "--resource-arn", ORDER, "--tag-keys", "cost"), None)
    equal(aws(*tags), [["team", "blue"]])
    refused("ResourceNotFound", by=["list-tags-for-resource", "--resource-arn", machine("nowhere")])


@station("start")
def _():
    run = start(f"{ORDER}:PROD", "--name", "first", "--input", '{"id": 7}', "--trace-header", "Root=1-67891233-abcdef012345678912345678")
    equal(run, f"{ARN}execution:order:first")
    got = closed(run)
    equal((got["status"], json.loads(got["output"]), got["traceHeader"]), ("SUCCEEDED", {"id": 7, "rate": 2}, "Root=1-67891233-abcdef012345678912345678"))
    assert "output" not in aws("describe-execution", "--execution-arn", run, "--included-data", "METADATA_ONLY")
    used = aws("describe-state-machine-for-execution", "--execution-arn", run, "--query", "definition")
    equal(json.loads(used), json.loads(definition("order-2")))
    again = ["start-execution", "--state-machine-arn", ORDER, "--name", "first"]
    refused("ExecutionAlreadyExists", f"Execution Already Exists: '{run}'", by=again)
    refused("InvalidExecutionInput", "Invalid State Machine Execution Input: '", by=["start-execution", "--state-machine-arn", ORDER, "--input", "seven"])
    refused("StateMachineDoesNotExist", machine("nowhere"), by=["start-execution", "--state-machine-arn", machine("nowhere")])

    big = closed(start(ORDER, "--name", "big", "--input", '{"id": 2000}'))
    equal((big["status"], big["error"], big["cause"]), ("FAILED", "TooBig", "nobody orders this much"))
    equal(aws("list-executions", "--state-machine-arn", ORDER, "--status-filter", "FAILED", "--query", "executions[].name", "--output", "text"), "big")
    newest = aws("list-executions", "--state-machine-arn", ORDER, "--page-size", "1", "--max-items", "2")
    rest = aws("list-executions", "--state-machine-arn", ORDER, "--starting-token", newest["NextToken"])
    equal([x.get("stateMachineVersionArn", "")[-2:] for x in newest["executions"] + rest["executions"]], ["", ":2", ":1"])


@station("stop")
def _():
    equal(aws("create-activity", "--name", "worker")["activityArn"], WORKER)
    create("work", "work")
    run = start(machine("work"), "--name", "stopped")
    equal(start(machine("work"), "--name", "stopped"), run)
    stop = aws("stop-execution", "--execution-arn", run, "--error", "Enough", "--cause", "no more of it")
    got = closed(run)
    equal((got["status"], got["error"], got["cause"], got["stopDate"]), ("ABORTED", "Enough", "no more of it", stop["stopDate"]))


@station("activity")
def _():
    equal(aws("describe-activity", "--activity-arn", WORKER)["name"], "worker")
    equal(aws("list-activities", "--query", "activities[].activityArn"), [WORKER])
    done = start(machine("work"), "--input", '{"n": 12}')
    token, given = take()
    equal(given, {"n": 12})
    equal(aws("send-task-heartbeat", "--task-token", token), None)
    refused("InvalidOutput", by=["send-task-success", "--task-token", token, "--task-output", "{"])
    succeed(token, '{"square": 144}')
    equal(json.loads(closed(done)["output"]), {"square": 144})
    refused("TaskTimedOut", by=["send-task-success", "--task-token", token, "--task-output", "{}"])
    refused("InvalidToken", by=["send-task-heartbeat", "--task-token", "made up"])

    failed = start(machine("work"))
    fail(take()[0], "Tired", "it is late")
    got = closed(failed)
    equal((got["status"], got["error"], got["cause"]), ("FAILED", "Tired", "it is late"))
    refused("ActivityDoesNotExist", by=["get-activity-task", "--activity-arn", f"{ARN}activity:nobody"])


@station("callback")
def _():
    create("asked", "asked")
    create("callback", "callback")
    run = start(machine("callback"), "--name", "yes", "--input", '{"question": "why"}')
    child = f"{ARN}execution:asked:yes-asked"
    until("the child has started", lambda: child in aws("list-executions", "--state-machine-arn", machine("asked"), "--query", "executions[].executionArn"))
    token = json.loads(aws("describe-execution", "--execution-arn", child)["input"])["token"]
    aws("send-task-heartbeat", "--task-token", token)
    succeed(token, '{"answer": 42}')
    equal(json.loads(closed(run)["output"]), {"answer": 42})


@station("history")
def _():
    run = f"{ARN}execution:order:first"
    types = ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ChoiceStateEntered", "ChoiceStateExited", "SucceedStateEntered", "SucceedStateExited", "ExecutionSucceeded"]
    equal(aws("get-execution-history", "--execution-arn", run, "--page-size", "2", "--query", "events[].type"), types)
    first = aws("get-execution-history", "--execution-arn", run, "--max-items", "3")
    rest = aws("get-execution-history", "--execution-arn", run, "--starting-token", first["NextToken"])
    equal([e["id"] for e in first["events"] + rest["events"]], [1, 2, 3, 4, 5, 6, 7, 8])
    last = aws("get-execution-history", "--execution-arn", run, "--reverse-order", "--no-include-execution-data", "--max-items", "1")["events"][0]
    equal(last["type"], "ExecutionSucceeded")
    assert "output" not in last.get("executionSucceededEventDetails", {})
    refused("InvalidToken", "Invalid Token", by=["get-execution-history", "--execution-arn", run, "--next-token", "made up"])
    refused("ExecutionDoesNotExist", f"Execution Does Not Exist: '{run}-not'", by=["get-execution-history", "--execution-arn", f"{run}-not"])


@station("redrive")
def _():
    run = start(machine("work"), "--name", "twice", "--input", '{"n": 3}')
    fail(take()[0], "Tired")
    equal(closed(run)["redriveStatus"], "REDRIVABLE")
    redriven = aws("redrive-execution", "--execution-arn", run)
    token, given = take()
    equal(given, {"n": 3})
    succeed(token, "9")
    got = closed(run)
    equal((got["status"], got["output"], got["redriveCount"], got["redriveDate"]), ("SUCCEEDED", "9", 1, redriven["redriveDate"]))
    refused("ExecutionNotRedrivable", "Execution is SUCCEEDED and cannot be redriven", by=["redrive-execution", "--execution-arn", run])
    equal(aws("list-executions", "--state-machine-arn", machine("work"), "--redrive-filter", "REDRIVEN", "--query", "executions[].name"), ["twice"])


@station("map run")
def _():
    create("each", "each")
    run = start(machine("each"), "--input", "[1, 2, 3]")
    first, _ = take()
    [[mapped, machine_arn]] = aws("list-map-runs", "--execution-arn", run, "--query", "mapRuns[].[mapRunArn, stateMachineArn]")
    equal(machine_arn, machine("each/Each"))
    counts = ["describe-map-run", "--map-run-arn", mapped, "--query", "[status, maxConcurrency, itemCounts.succeeded, itemCounts.failed, itemCounts.total]"]
    equal(aws(*counts), ["RUNNING", 1, 0, 0, 3])
    equal(aws("update-map-run", "--map-run-arn", mapped, "--max-concurrency", "3", "--tolerated-failure-percentage", "50"), None)
    others = [take()[0], take()[0]]  # both are there while the first is still out
    fail(first, "Odd")
    for token in others:
        succeed(token, "{}")
    equal(closed(run)["status"], "SUCCEEDED")
    equal(aws(*counts), ["SUCCEEDED", 3, 2, 1, 3])
    equal(sorted(aws("list-executions", "--map-run-arn", mapped, "--query", "executions[].status")), ["FAILED", "SUCCEEDED", "SUCCEEDED"])
    refused("ValidationException", by=["update-map-run", "--map-run-arn", mapped, "--max-concurrency", "1"])


@station("express")
def _():
    create("sum", "express", "--type", "EXPRESS")
    got = aws("start-sync-execution", "--state-machine-arn", machine("sum"), "--name", "now", "--input", '{"numbers": [1, 2, 3]}')
    equal((got["status"], json.loads(got["output"]), got["name"]), ("SUCCEEDED", {"sum": 6}, "now"))
    refused("StateMachineTypeNotSupported", by=["start-sync-execution", "--state-machine-arn", ORDER])
    refused("InvalidArn", "express", by=["describe-execution", "--execution-arn", got["executionArn"]])


@station("test state")
def _():
    price = json.dumps(json.loads(definition("order-1"))["States"]["Price"])
    got = aws("test-state", "--definition", price, "--role-arn", ROLE, "--input", '{"id": 5}', "--inspection-level", "DEBUG")
    equal((got["status"], json.loads(got["output"]), got["nextState"]), ("SUCCEEDED", {"id": 5, "rate": 1}, "Big?"))
    equal(json.loads(got["inspectionData"]["afterParameters"]), {"id": 5, "rate": 1})
    mock = ["--mock", '{"errorOutput": {"error": "Refused", "cause": "too hard"}}', "--context", '{"Execution": {"Name": "x"}, "Task": {"Token": "t"}}']
    got = aws("test-state", "--definition", definition("callback"), "--state-name", "Ask", "--input", '{"question": "why"}', *mock)
    equal((got["status"], got["error"], got["nextState"]), ("CAUGHT_ERROR", "Refused", "Refused"))
    ask = json.dumps(json.loads(definition("callback"))["States"]["Ask"])
    refused("InvalidDefinition", "'.waitForTaskToken'", "without a mock", by=["test-state", "--definition", ask])


@station("prefix")
def _():
    # No name server knows the host with sync- before it; the proxy does.
    command = ["start-sync-execution", "--state-machine-arn", machine("sum"), "--input", '{"numbers": [4]}']
    got = printed(program(command, AWS_DISABLE_HOST_PREFIX_INJECTION="false", HTTP_PROXY=ENDPOINT, http_proxy=ENDPOINT))
    equal(json.loads(got["output"]), {"sum": 4})


@station("lost answer")
def _():
    run = start(machine("work"), "--name", "lost-answer", "--input", '{"n": 5}')
    fail(take()[0], "Tired")
    closed(run)
    aws("redrive-execution", "--execution-arn", run)
    succeed(take()[0], "{}")
    equal(closed(run)["redriveCount"], 1)


@station("throttled")
def _():
    for name in ("second", "third"):
        aws("create-activity", "--name", name)
    equal(sorted(aws("list-activities", "--page-size", "1", "--query", "activities[].name")), ["second", "third", "worker"])
    for name in ("second", "third"):
        aws("delete-activity", "--activity-arn", f"{ARN}activity:{name}")


@station("errors")
def _():
    refused("InvalidArn", "Invalid Arn: 'Invalid ARN prefix: order'", by=["describe-state-machine", "--state-machine-arn", "order"])
    wrong = ["create-state-machine", "--name", "wrong", "--definition", "{}", "--role-arn", ROLE, "--type", "FAST", "--publish", "--version-description", "x" * 257]
    refused("ValidationException", "2 validation errors detected: ", "[STANDARD, EXPRESS]", "'versionDescription'", by=wrong)
    told = call(["list-state-machines", "--debug"]).err.lower()
    assert "x-amzn-requestid" in told, told


@station("delete")
def _():
    waiting = start(machine("work"))
    equal(aws("delete-state-machine", "--state-machine-arn", machine("work")), None)
    equal(aws("describe-state-machine", "--state-machine-arn", machine("work"), "--query", "status", "--output", "text"), "DELETING")
    refused("StateMachineDeleting", by=["start-execution", "--state-machine-arn", machine("work")])
    succeed(take()[0], "{}")
    equal(closed(waiting)["status"], "SUCCEEDED")
    aws("delete-state-machine-alias", "--state-machine-alias-arn", f"{ORDER}:TEST")
    refused("ResourceNotFound", by=["describe-state-machine-alias", "--state-machine-alias-arn", f"{ORDER}:TEST"])
    for name in ("order", "asked", "callback", "each", "sum"):
        aws("delete-state-machine", "--state-machine-arn", machine(name))
    until("only the sample is left", lambda: aws("list-state-machines", "--query", "stateMachines[].name") == ["Order-review"])
    refused("StateMachineDoesNotExist", by=["describe-state-machine", "--state-machine-arn", ORDER])
    aws("delete-activity", "--activity-arn", WORKER)
    equal(aws("list-activities"), {"activities": []})


walk()
