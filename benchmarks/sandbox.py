"""One cold start, in a new interpreter: prints what it took of CPU (ms) and memory (MiB), as JSON.

python sandbox.py api|worker|boto3|boto3-resource

`ready` is from the first import to a handler, for boto3 to both clients. `first` is the first request then: a POST, a
task from claim to settlement, for boto3 the two calls that a POST makes. AWS is a function here that answers at once.

`rest` is what is resident once the handler is ready, `used` after the first request, `peak` the most there ever was.
The interpreter itself is part of them. They come from Linux, and are not told elsewhere.
"""

import io
import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

Request = Callable[[], Any]

TASK_ID = "3f1c1e58-6d5c-4e0e-9a53-0d5f6a0f7a11"
QUEUE_URL = "https://sqs.eu-central-1.amazonaws.com/123456789012/tasks"
RECORD = {
    "taskId": {"S": TASK_ID},
    "status": {"S": "pending"},
    "payload": {"S": '{"seconds":0}'},
    "payloadHash": {"S": "0" * 64},
    "createdAt": {"S": "2026-01-31T12:00:00.000Z"},
    "updatedAt": {"S": "2026-01-31T12:00:00.000Z"},
    "attempts": {"N": "0"},
    "receives": {"N": "0"},
    "expiration_time": {"N": "4102444800"},
}
ANSWERS: dict[str, Any] = {"PutItem": {}, "UpdateItem": {"Attributes": RECORD}, "SendMessage": {"MessageId": TASK_ID}}
POST = {
    "httpMethod": "POST",
    "resource": "/task",
    "path": "/task",
    "headers": {"Content-Type": "application/json"},
    "body": '{"seconds": 0}',
    "requestContext": {"identity": {}},
}
WAKE_UP = {
    "messageId": "m",
    "receiptHandle": "r",
    "body": json.dumps({"taskId": TASK_ID}),
    "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1769860800000"},
}


class Context:
    """What Lambda hands to a handler."""

    aws_request_id = TASK_ID
    function_name = "cold"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:cold"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        """Milliseconds until Lambda would end the invocation."""
        return 30_000


def api() -> Request:
    """Import the API function; return its first request."""
    from task_runner.api.entry import handler

    return lambda: handler(POST, Context())["statusCode"] == 200


def worker() -> Request:
    """Import the worker function; return its first task."""
    from task_runner.worker.entry import handler

    return lambda: handler({"Records": [WAKE_UP]}, Context()) == {"batchItemFailures": []}


def plain(dynamodb: Any, sqs: Any, item: dict[str, Any]) -> Request:
    """Return a call of each client."""

    def call() -> Any:
        dynamodb.put_item(TableName="tasks", Item=item, ConditionExpression="attribute_not_exists(taskId)")
        return sqs.send_message(QueueUrl=QUEUE_URL, MessageBody=WAKE_UP["body"])["MessageId"]

    return call


def boto3() -> Request:
    """Make the two clients as most programs do."""
    import boto3

    return plain(boto3.client("dynamodb"), boto3.client("sqs"), RECORD)


def boto3_resource() -> Request:
    """Make them with the layer that turns items into Python values."""
    import boto3

    item = {name: value.get("S") or int(value["N"]) for name, value in RECORD.items()}
    return plain(boto3.resource("dynamodb").meta.client, boto3.client("sqs"), item)


class Body(io.BytesIO):
    """An answer's body, as urllib3 gives it."""

    def stream(self) -> Iterator[bytes]:
        """Yield all of it."""
        yield self.getvalue()


def answer(_: Any, request: Any) -> Any:
    """Play AWS; in the protocols of both services the operation stands behind the dot of one header."""
    from botocore.awsrequest import AWSResponse

    operation = request.headers["X-Amz-Target"].decode().rpartition(".")[2]
    headers: Any = {}
    return AWSResponse(request.url, 200, headers, Body(json.dumps(ANSWERS[operation]).encode()))


def memory(**names: str) -> dict[str, float]:
    """Return figures of this process in MiB, each by its name in proc_pid_status(5)."""
    try:
        with open("/proc/self/status") as file:  # noqa: PTH123 - pathlib is not to be imported before it is measured
            told = dict(line.split(":", 1) for line in file)
    except FileNotFoundError:
        return {}
    return {ours: int(told[name].split()[0]) / 1024 for ours, name in names.items()}


def main() -> None:
    """Measure, and tell what was measured where the functions' own lines do not go."""
    make = {"api": api, "worker": worker, "boto3": boto3, "boto3-resource": boto3_resource}[sys.argv[1]]
    began = time.process_time()
    first = make()
    ready = time.process_time()
    at_rest = memory(rest="VmRSS")
    from botocore import httpsession

    vars(httpsession)["URLLib3Session"].send = answer
    asked = time.process_time()
    went_well = first()
    spent = {"ready": (ready - began) * 1000, "first": (time.process_time() - asked) * 1000}
    print(json.dumps({**spent, **at_rest, **memory(used="VmRSS", peak="VmHWM")}), file=sys.stderr)
    sys.exit(not went_well)


if __name__ == "__main__":
    main()
