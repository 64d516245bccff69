"""Walks all stations with boto3: python walk_boto3.py http://127.0.0.1:8080"""

import datetime
import json

from boto3_steps import ENDPOINT, client, sfn, faults, ORDER, WORKER, refused, create, closed, take, pages
from steps import ARN, ROLE, definition, equal, machine, station, until, walk


@station("create")
def _():
    made = create("order", definition("order-1"), tags=[{"key": "team", "value": "red"}], tracingConfiguration={"enabled": True})
    equal(made["stateMachineArn"], ORDER)
    assert abs(datetime.datetime.now(datetime.timezone.utc) - made["creationDate"]) < datetime.timedelta(minutes=1)
    again = create("order", definition("order-1"), tracingConfiguration={"enabled": True})
    equal((again["stateMachineArn"], again["creationDate"]), (ORDER, made["creationDate"]))
    with refused(faults.StateMachineAlreadyExists, f"State Machine Already Exists: '{ORDER}'"):
        create("order", definition("order-2"))
    with refused(faults.InvalidDefinition, "SCHEMA_VALIDATION_FAILED", "[States]"):
        create("wrong", '{"StartAt": "A"}')
    with refused(faults.InvalidName):
        create("no spaces", definition("order-1"))

    got = sfn.describe_state_machine(stateMachineArn=ORDER)
    equal(
        {k: got[k] for k in ("name", "status", "type", "roleArn", "definition", "tracingConfiguration")},
        {"name": "order", "status": "ACTIVE", "type": "STANDARD", "roleArn": ROLE, "definition": definition("order-1"), "tracingConfiguration": {"enabled": True}},
    )
    equal(sfn.describe_state_machine(stateMachineArn=ORDER, includedData="METADATA_ONLY")["definition"], "{}")
    equal([m["name"] for m in sfn.get_paginator("list_state_machines").paginate(PaginationConfig={"PageSize": 1}).search("stateMachines[]")], ["order", "Order-review"])

    equal(sfn.validate_state_machine_definition(definition=definition("order-1"))["result"], "OK")
    judged = sfn.validate_state_machine_definition(definition='{"StartAt": "A", "States": {"A": {"Type": "Pass"}}}')
    equal((judged["result"], judged["diagnostics"][0]["severity"]), ("FAIL", "ERROR"))


@station("publish")
def _():
    first = sfn.publish_state_machine_version(stateMachineArn=ORDER, description="the first rate")
    equal(first["stateMachineVersionArn"], f"{ORDER}:1")
    equal(sfn.publish_state_machine_version(stateMachineArn=ORDER)["stateMachineVersionArn"], f"{ORDER}:1")
    changed = sfn.update_state_machine(stateMachineArn=ORDER, definition=definition("order-2"))
    with refused(faults.ConflictException, "revision"):
        sfn.publish_state_machine_version(stateMachineArn=ORDER, revisionId="INITIAL")
    second = sfn.publish_state_machine_version(stateMachineArn=ORDER, revisionId=changed["revisionId"])
    equal(second["stateMachineVersionArn"], f"{ORDER}:2")
    third = sfn.update_state_machine(stateMachineArn=ORDER, definition=definition("order-1"), publish=True, versionDescription="back")
    equal(third["stateMachineVersionArn"], f"{ORDER}:3")
    with refused(faults.MissingRequiredParameter):
        sfn.update_state_machine(stateMachineArn=ORDER)
    versions = pages(sfn.list_state_machine_versions, "stateMachineVersions", stateMachineArn=ORDER)
    equal([v["stateMachineVersionArn"] for v in versions], [f"{ORDER}:3", f"{ORDER}:2", f"{ORDER}:1"])
    sfn.delete_state_machine_version(stateMachineVersionArn=f"{ORDER}:3")
    equal(sfn.describe_state_machine(stateMachineArn=f"{ORDER}:2")["definition"], definition("order-2"))
    with refused(faults.StateMachineDoesNotExist):
        sfn.describe_state_machine(stateMachineArn=f"{ORDER}:3")


@station("alias")
def _():
    def to(version, weight):
        return {"stateMachineVersionArn": f"{ORDER}:{version}", "weight": weight}

    prod = sfn.create_state_machine_alias(name="PROD", description="for all", routingConfiguration=[to(1, 100)])["stateMachineAliasArn"]
    equal(prod, f"{ORDER}:PROD")
    run = closed(sfn.start_execution(stateMachineArn=prod, input='{"id": 1}')["executionArn"])
    equal((json.loads(run["output"]), run["stateMachineAliasArn"], run["stateMachineVersionArn"]), ({"id": 1, "rate": 1}, prod, f"{ORDER}:1"))
    with refused(faults.ValidationException) as refusal:
        sfn.update_state_machine_alias(stateMachineAliasArn=prod, routingConfiguration=[to(1, 50), to(2, 40)])
    equal(refusal.response["reason"], "INVALID_ROUTING_CONFIGURATION")
    sfn.update_state_machine_alias(stateMachineAliasArn=prod, routingConfiguration=[to(1, 0), to(2, 100)])
    got = sfn.describe_state_machine_alias(stateMachineAliasArn=prod)
    equal((got["name"], got["description"], got["routingConfiguration"]), ("PROD", "for all", [to(1, 0), to(2, 100)]))
    assert got["updateDate"] >= got["creationDate"]
    sfn.create_state_machine_alias(name="TEST", routingConfiguration=[to(2, 100)])
    listed = pages(sfn.list_state_machine_aliases, "stateMachineAliases", stateMachineArn=ORDER)
    equal([a["stateMachineAliasArn"] for a in listed], [prod, f"{ORDER}:TEST"])
    with refused(faults.ConflictException, "[PROD]"):
        sfn.delete_state_machine_version(stateMachineVersionArn=f"{ORDER}:1")


@station("tags")
def _():
    def tags():
        return {t["key"]: t["value"] for t in sfn.list_tags_for_resource(resourceArn=ORDER)["tags"]}

    equal(tags(), {"team": "red"})
    sfn.tag_resource(resourceArn=ORDER, tags=[{"key": "team", "value": "blue"}, {"key": "cost", "value": ""}])
    equal(tags(), {"team": "blue", "cost": ""})
    sfn.untag_resource(resourceArn=ORDER, tagKeys=["cost"])
    equal(tags(), {"team": "blue"})
    with refused(faults.ResourceNotFound) as refusal:
        sfn.tag_resource(resourceArn=machine("nowhere"), tags=[{"key": "a", "value": "b"}])
    equal(refusal.response["resourceName"], machine("nowhere"))
    with refused(faults.TooManyTags):
        sfn.tag_resource(resourceArn=ORDER, tags=[{"key": str(n), "value": "x"} for n in range(51)])


@station("start")
def _():
    start = {"stateMachineArn": f"{ORDER}:PROD", "name": "first", "input": '{"id": 7}', "traceHeader": "Root=1-67891233-abcdef012345678912345678"}
    made = sfn.start_execution(**start)
    equal(made["executionArn"], f"{ARN}execution:order:first")
    got = closed(made["executionArn"])
    equal((got["status"], json.loads(got["input"]), json.loads(got["output"])), ("SUCCEEDED", {"id": 7}, {"id": 7, "rate": 2}))
    equal((got["stateMachineArn"], got["traceHeader"], got["inputDetails"]), (ORDER, start["traceHeader"], {"included": True}))
    assert made["startDate"] == got["startDate"] <= got["stopDate"]
    assert "output" not in sfn.describe_execution(executionArn=made["executionArn"], includedData="METADATA_ONLY")
    equal(sfn.describe_state_machine_for_execution(executionArn=made["executionArn"])["definition"], definition("order-2"))
    with refused(faults.ExecutionAlreadyExists, f"Execution Already Exists: '{made['executionArn']}'"):
        sfn.start_execution(**start)
    with refused(faults.InvalidExecutionInput, "Invalid State Machine Execution Input: '"):
        sfn.start_execution(stateMachineArn=ORDER, input="seven")
    with refused(faults.StateMachineDoesNotExist, machine("nowhere")):
        sfn.start_execution(stateMachineArn=machine("nowhere"))

    big = closed(sfn.start_execution(stateMachineArn=ORDER, name="big", input='{"id": 2000}')["executionArn"])
    equal((big["status"], big["error"], big["cause"]), ("FAILED", "TooBig", "nobody orders this much"))
    failed = sfn.get_paginator("list_executions").paginate(stateMachineArn=ORDER, statusFilter="FAILED")
    equal([x["name"] for x in failed.search("executions[]")], ["big"])
    newest = sfn.get_paginator("list_executions").paginate(stateMachineArn=ORDER, PaginationConfig={"PageSize": 1, "MaxItems": 2}).build_full_result()
    equal([x["name"] for x in newest["executions"]], ["big", "first"])
    rest = sfn.get_paginator("list_executions").paginate(stateMachineArn=ORDER, PaginationConfig={"StartingToken": newest["NextToken"]}).build_full_result()
    equal([x["stateMachineVersionArn"] for x in rest["executions"]], [f"{ORDER}:1"])


@station("stop")
def _():
    equal(sfn.create_activity(name="worker", tags=[{"key": "a", "value": "b"}])["activityArn"], WORKER)
    create("work", definition("work"))
    run = sfn.start_execution(stateMachineArn=machine("work"), name="stopped", input='{"n": 1}')
    again = sfn.start_execution(stateMachineArn=machine("work"), name="stopped", input='{"n": 1}')
    equal((again["executionArn"], again["startDate"]), (run["executionArn"], run["startDate"]))
    stop = sfn.stop_execution(executionArn=run["executionArn"], error="Enough", cause="no more of it")
    got = closed(run["executionArn"])
    equal((got["status"], got["error"], got["cause"], got["stopDate"]), ("ABORTED", "Enough", "no more of it", stop["stopDate"]))


@station("activity")
def _():
    equal(sfn.describe_activity(activityArn=WORKER)["name"], "worker")
    equal([a["activityArn"] for a in sfn.get_paginator("list_activities").paginate().search("activities[]")], [WORKER])
    done = sfn.start_execution(stateMachineArn=machine("work"), input='{"n": 12}')["executionArn"]
    task = take()
    equal(json.loads(task["input"]), {"n": 12})
    sfn.send_task_heartbeat(taskToken=task["taskToken"])
    with refused(faults.InvalidOutput):
        sfn.send_task_success(taskToken=task["taskToken"], output="{")
    sfn.send_task_success(taskToken=task["taskToken"], output='{"square": 144}')
    equal(json.loads(closed(done)["output"]), {"square": 144})
    with refused(faults.TaskTimedOut):
        sfn.send_task_success(taskToken=task["taskToken"], output="{}")
    with refused(faults.InvalidToken):
        sfn.send_task_heartbeat(taskToken="made up")

    failed = sfn.start_execution(stateMachineArn=machine("work"))["executionArn"]
    sfn.send_task_failure(taskToken=take()["taskToken"], error="Tired", cause="it is late")
    got = closed(failed)
    equal((got["status"], got["error"], got["cause"]), ("FAILED", "Tired", "it is late"))
    with refused(faults.ActivityDoesNotExist, f"{ARN}activity:nobody"):
        sfn.get_activity_task(activityArn=f"{ARN}activity:nobody")


@station("callback")
def _():
    create("asked", definition("asked"))
    create("callback", definition("callback"))

    def asked(name):
        """Starts an execution that asks, and gives it with the token that its child was handed."""
        run = sfn.start_execution(stateMachineArn=machine("callback"), name=name, input='{"question": "why"}')["executionArn"]
        child = f"{ARN}execution:asked:{name}-asked"
        until("the child has started", lambda: child in [x["executionArn"] for x in sfn.list_executions(stateMachineArn=machine("asked"))["executions"]])
        return run, json.loads(sfn.describe_execution(executionArn=child)["input"])["token"]

    run, token = asked("yes")
    sfn.send_task_heartbeat(taskToken=token)
    sfn.send_task_success(taskToken=token, output='{"answer": 42}')
    equal(json.loads(closed(run)["output"]), {"answer": 42})
    run, token = asked("no")
    sfn.send_task_failure(taskToken=token, error="Refused", cause="too hard")
    equal(json.loads(closed(run)["output"])["why"], {"Error": "Refused", "Cause": "too hard"})


@station("history")
def _():
    run = f"{ARN}execution:order:first"
    events = list(sfn.get_paginator("get_execution_history").paginate(executionArn=run, PaginationConfig={"PageSize": 2}).search("events[]"))
    equal([e["id"] for e in events], list(range(1, len(events) + 1)))
    equal(
        [e["type"] for e in events],
        ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ChoiceStateEntered", "ChoiceStateExited", "SucceedStateEntered", "SucceedStateExited", "ExecutionSucceeded"],
    )
    equal(json.loads(events[0]["executionStartedEventDetails"]["input"]), {"id": 7})
    assert events[0]["timestamp"] <= events[-1]["timestamp"]
    last = sfn.get_execution_history(executionArn=run, reverseOrder=True, maxResults=1, includeExecutionData=False)
    equal([e["type"] for e in last["events"]], ["ExecutionSucceeded"])
    assert "output" not in last["events"][0].get("executionSucceededEventDetails", {})
    with refused(faults.InvalidToken, "Invalid Token"):
        sfn.get_execution_history(executionArn=run, nextToken="made up")
    with refused(faults.ExecutionDoesNotExist, f"Execution Does Not Exist: '{run}-not'"):
        sfn.get_execution_history(executionArn=f"{run}-not")


@station("redrive")
def _():
    run = sfn.start_execution(stateMachineArn=machine("work"), name="twice", input='{"n": 3}')["executionArn"]
    sfn.send_task_failure(taskToken=take()["taskToken"], error="Tired")
    equal(closed(run)["redriveStatus"], "REDRIVABLE")
    redriven = sfn.redrive_execution(executionArn=run)
    task = take()
    equal(json.loads(task["input"]), {"n": 3})
    sfn.send_task_success(taskToken=task["taskToken"], output="9")
    got = closed(run)
    equal((got["status"], got["output"], got["redriveCount"], got["redriveDate"]), ("SUCCEEDED", "9", 1, redriven["redriveDate"]))
    with refused(faults.ExecutionNotRedrivable, "Execution is SUCCEEDED and cannot be redriven"):
        sfn.redrive_execution(executionArn=run)
    listed = sfn.list_executions(stateMachineArn=machine("work"), redriveFilter="REDRIVEN")["executions"]
    equal([x["executionArn"] for x in listed], [run])


@station("map run")
def _():
    create("each", definition("each"))
    run = sfn.start_execution(stateMachineArn=machine("each"), input="[1, 2, 3]")["executionArn"]
    first = take()
    listed = sfn.get_paginator("list_map_runs").paginate(executionArn=run).build_full_result()["mapRuns"]
    equal((len(listed), listed[0]["executionArn"], listed[0]["stateMachineArn"]), (1, run, machine("each/Each")))
    mapped = listed[0]["mapRunArn"]
    got = sfn.describe_map_run(mapRunArn=mapped)
    equal((got["status"], got["maxConcurrency"], got["itemCounts"]["running"], got["itemCounts"]["total"]), ("RUNNING", 1, 1, 3))
    sfn.update_map_run(mapRunArn=mapped, maxConcurrency=3, toleratedFailurePercentage=50)
    equal(sfn.describe_map_run(mapRunArn=mapped)["toleratedFailurePercentage"], 50.0)
    others = [take(), take()]  # both are there while the first is still out
    equal(sorted(int(t["input"]) for t in [first, *others]), [1, 2, 3])
    sfn.send_task_failure(taskToken=first["taskToken"], error="Odd")
    for task in others:
        sfn.send_task_success(taskToken=task["taskToken"], output="{}")
    equal(closed(run)["status"], "SUCCEEDED")
    got = sfn.describe_map_run(mapRunArn=mapped)
    equal((got["status"], got["itemCounts"]["succeeded"], got["itemCounts"]["failed"]), ("SUCCEEDED", 2, 1))
    children = sfn.list_executions(mapRunArn=mapped)["executions"]
    equal(sorted(x["status"] for x in children), ["FAILED", "SUCCEEDED", "SUCCEEDED"])
    equal(sfn.describe_execution(executionArn=children[0]["executionArn"])["mapRunArn"], mapped)
    with refused(faults.ValidationException) as refusal:
        sfn.update_map_run(mapRunArn=mapped, maxConcurrency=1)
    equal(refusal.response["reason"], "CANNOT_UPDATE_COMPLETED_MAP_RUN")


@station("express")
def _():
    create("sum", definition("express"), type="EXPRESS")
    got = sfn.start_sync_execution(stateMachineArn=machine("sum"), name="now", input='{"numbers": [1, 2, 3]}')
    equal((got["status"], json.loads(got["output"]), got["name"]), ("SUCCEEDED", {"sum": 6}, "now"))
    assert got["executionArn"].startswith(f"{ARN}express:sum:now:"), got["executionArn"]
    assert got["billingDetails"]["billedDurationInMilliseconds"] > 0
    with refused(faults.StateMachineTypeNotSupported):
        sfn.start_sync_execution(stateMachineArn=ORDER)
    with refused(faults.InvalidArn, "express"):
        sfn.describe_execution(executionArn=got["executionArn"])


@station("test state")
def _():
    state = json.loads(definition("order-1"))["States"]["Price"]
    got = sfn.test_state(definition=json.dumps(state), roleArn=ROLE, input='{"id": 5}', inspectionLevel="DEBUG")
    equal((got["status"], json.loads(got["output"]), got["nextState"]), ("SUCCEEDED", {"id": 5, "rate": 1}, "Big?"))
    equal(json.loads(got["inspectionData"]["afterParameters"]), {"id": 5, "rate": 1})
    got = sfn.test_state(definition=definition("callback"), stateName="Ask", input='{"question": "why"}', mock={"errorOutput": {"error": "Refused", "cause": "too hard"}}, context='{"Execution": {"Name": "x"}, "Task": {"Token": "t"}}')
    equal((got["status"], got["error"], got["nextState"]), ("CAUGHT_ERROR", "Refused", "Refused"))
    with refused(faults.InvalidDefinition, "'.waitForTaskToken'", "without a mock"):
        sfn.test_state(definition=json.dumps(json.loads(definition("callback"))["States"]["Ask"]))


@station("prefix")
def _():
    # No name server knows the host with sync- before it; the proxy does.
    prefixed = client(inject_host_prefix=True, proxies={"http": ENDPOINT})
    got = prefixed.start_sync_execution(stateMachineArn=machine("sum"), input='{"numbers": [4]}')
    equal(json.loads(got["output"]), {"sum": 4})


@station("lost answer")
def _():
    run = sfn.start_execution(stateMachineArn=machine("work"), name="lost-answer", input='{"n": 5}')
    equal(run["ResponseMetadata"]["RetryAttempts"], 1)
    sfn.send_task_failure(taskToken=take()["taskToken"], error="Tired")
    closed(run["executionArn"])
    redriven = sfn.redrive_execution(executionArn=run["executionArn"])
    equal(redriven["ResponseMetadata"]["RetryAttempts"], 1)
    sfn.send_task_success(taskToken=take()["taskToken"], output="{}")
    equal(closed(run["executionArn"])["redriveCount"], 1)


@station("throttled")
def _():
    for name in ("second", "third"):
        sfn.create_activity(name=name)
    listed = list(sfn.get_paginator("list_activities").paginate(PaginationConfig={"PageSize": 1}))
    equal(sorted(a["name"] for page in listed for a in page["activities"]), ["second", "third", "worker"])
    assert sum(page["ResponseMetadata"]["RetryAttempts"] for page in listed) > 0
    for name in ("second", "third"):
        sfn.delete_activity(activityArn=f"{ARN}activity:{name}")


@station("errors")
def _():
    with refused(faults.InvalidArn, "Invalid Arn: 'Invalid ARN prefix: order'") as refusal:
        sfn.describe_state_machine(stateMachineArn="order")
    told = refusal.response["ResponseMetadata"]
    equal((told["HTTPStatusCode"], told["RetryAttempts"]), (400, 0))
    assert len(told["RequestId"]) == 36, told
    with refused(faults.ValidationException, "2 validation errors detected: ", "[STANDARD, EXPRESS]", "'versionDescription'"):
        create("wrong", definition("order-1"), type="FAST", publish=True, versionDescription="x" * 257)


@station("delete")
def _():
    waiting = sfn.start_execution(stateMachineArn=machine("work"))["executionArn"]
    sfn.delete_state_machine(stateMachineArn=machine("work"))
    equal(sfn.describe_state_machine(stateMachineArn=machine("work"))["status"], "DELETING")
    with refused(faults.StateMachineDeleting):
        sfn.start_execution(stateMachineArn=machine("work"))
    sfn.send_task_success(taskToken=take()["taskToken"], output="{}")
    equal(closed(waiting)["status"], "SUCCEEDED")
    sfn.delete_state_machine_alias(stateMachineAliasArn=f"{ORDER}:TEST")
    with refused(faults.ResourceNotFound):
        sfn.describe_state_machine_alias(stateMachineAliasArn=f"{ORDER}:TEST")
    for name in ("order", "asked", "callback", "each", "sum"):
        sfn.delete_state_machine(stateMachineArn=machine(name))
    sfn.delete_state_machine(stateMachineArn=ORDER)  # again: no error, as on AWS
    until("only the sample is left", lambda: [m["name"] for m in sfn.list_state_machines()["stateMachines"]] == ["Order-review"])
    with refused(faults.StateMachineDoesNotExist):
        sfn.describe_state_machine(stateMachineArn=ORDER)
    sfn.delete_activity(activityArn=WORKER)
    equal(sfn.list_activities()["activities"], [])


walk()
