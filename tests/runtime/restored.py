"""Two sandboxes from one snapshot: a program that imports both entries, and tells what each of two copies of it makes.

A copy is a fork that Python does not notice: `os.fork` would seed the generator of `random` anew in the child, which no
restore does.
"""

import ctypes
import json
import os
import random
from typing import Any

import botocore.client

from task_runner.api import entry as api
from task_runner.record.task import Status, Task
from task_runner.worker import entry as worker

REQUEST, TASKS = "one-request", 4
MOMENT = "2026-01-01T00:00:00.000Z"
TASK = Task("3f1c1e58-6d5c-4e0e-9a53-0d5f6a0f7a11", Status.PENDING, "{}", "hash", MOMENT, MOMENT, 1)


class Told(dict[str, list[Any]]):
    """What AWS is told, which answers as if all went well."""

    def answer(self, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """Stand for any call of any client."""
        if operation == "PutItem":
            self["ids"].append(parameters["Item"]["taskId"]["S"])
        if operation == "ChangeMessageVisibility":
            self["waits"].append(parameters["VisibilityTimeout"])
        for value in parameters.get("ExpressionAttributeValues", {}).values():
            if value.get("S", "").startswith(f"{REQUEST}/"):
                self["leases"].append(value["S"])
        return {"Attributes": TASK.to_item()}


class Context:
    """Of an invocation that has time."""

    aws_request_id = REQUEST

    def get_remaining_time_in_millis(self) -> int:
        """Return a minute."""
        return 60_000


def record(number: int) -> dict[str, Any]:
    """Return a message on its first delivery."""
    return {
        "body": json.dumps({"taskId": TASK.task_id}),
        "messageId": str(number),
        "receiptHandle": "r",
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "0"},
    }


def invoke(told: Told) -> None:
    """Post tasks, and take the messages of some that fail."""
    post = {"resource": "/task", "httpMethod": "POST", "body": "{}", "headers": {}, "requestContext": {"identity": {}}}
    statuses = {api.handler(post, Context())["statusCode"] for _ in range(TASKS)}
    assert statuses == {200}, statuses
    worker.handler({"Records": [record(number) for number in range(TASKS)]}, Context())
    told["of the process"].append(random.random())  # noqa: S311 - what a library or careless task code does


def main() -> None:
    """Write a line of JSON for each of two copies to the standard error: the standard output is the functions' log."""
    for _ in range(2):
        if ctypes.PyDLL(None).fork() == 0:
            told = Told({"ids": [], "leases": [], "waits": [], "of the process": []})
            botocore.client.BaseClient._make_api_call = told.answer  # type: ignore[attr-defined] # an inner method
            invoke(told)
            os.write(2, json.dumps(told).encode() + b"\n")
            os._exit(0)
        assert os.wait()[1] == 0


if __name__ == "__main__":
    main()
