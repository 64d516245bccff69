"""What the stations of the walk with boto3 share: the client, refusals, waiting, pages."""

import os
import sys

import boto3
from botocore.config import Config

from steps import ARN, ROLE, machine, until

ENDPOINT = sys.argv[1]
PATIENT = {"mode": "standard", "total_max_attempts": 10}  # for the station that is throttled


def client(**settings):
    return boto3.client(
        "stepfunctions",
        endpoint_url=ENDPOINT,
        region_name="us-east-1",
        aws_access_key_id=os.environ["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=os.environ["AWS_SECRET_ACCESS_KEY"],
        config=Config(**{"inject_host_prefix": False, "retries": PATIENT, **settings}),
    )


sfn = client()
faults = sfn.exceptions
ORDER, WORKER = machine("order"), f"{ARN}activity:worker"


class refused:
    """Expects that the block is refused by an exception whose message has the words."""

    def __init__(self, exception, *words):
        self.exception, self.words = exception, words

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _):
        assert kind is not None, f"was not refused by {self.exception.__name__}"
        if kind is self.exception:
            self.response = error.response
            for word in self.words:
                assert word in str(error), f"{error} does not say {word!r}"
        return kind is self.exception


def create(name, text, **more):
    return sfn.create_state_machine(name=name, definition=text, roleArn=ROLE, **more)


def closed(execution):
    """Waits until an execution is over, and describes it."""

    def over():
        x = sfn.describe_execution(executionArn=execution)
        return x["status"] != "RUNNING" and x

    return until(f"{execution} has closed", over)


def take():
    """Takes the oldest task of the activity."""
    task = sfn.get_activity_task(activityArn=WORKER, workerName="ann")
    assert task.get("taskToken"), "no task came"
    return task


def pages(call, key, **request):
    """Follows nextToken by hand, one element a page, and gives all elements."""
    found, token = [], {}
    while True:
        page = call(maxResults=1, **request, **token)
        assert len(page[key]) <= 1, f"a page of one has {len(page[key])}"
        found += page[key]
        if not page.get("nextToken"):
            return found
        token = {"nextToken": page["nextToken"]}
