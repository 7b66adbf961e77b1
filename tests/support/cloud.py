"""One stack in memory, and the parts that Lambda and API Gateway play around the handlers."""

import json
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import boto3

from task_runner.api.dispatch import make_handler
from task_runner.api.service import TaskService
from task_runner.config import ApiConfig, Cors, WorkerConfig
from task_runner.record.store import TaskStore
from task_runner.record.task import Delivery, Task, now_ms
from task_runner.wakeups import WakeupQueue
from task_runner.worker import task_code
from task_runner.worker.batch import Worker as WorkerHandler
from task_runner.worker.run import Settings

MAX_RECEIVES = 3
RETENTION_SECONDS = 4 * 86_400
TTL_SECONDS = 30 * 86_400


def delivery(task_id: str, sent_at: int = 0, receives: int = 1) -> Delivery:
    """A delivery of a task's message that no queue has made."""
    return Delivery(task_id, "message", "handle", receives, sent_at)


class Clock:
    """The real time, plus what a test adds to it."""

    def __init__(self) -> None:
        self.ahead_ms = 0

    def __call__(self) -> int:
        return now_ms() + self.ahead_ms

    def advance(self, seconds: float) -> None:
        self.ahead_ms += int(seconds * 1000)


@cache
def _clients() -> tuple[Any, Any]:
    """Make the clients once: that takes longer than most tests do."""
    dynamodb: Any = boto3.client("dynamodb")
    call, lock = dynamodb._make_api_call, threading.Lock()

    def one_at_a_time(*request: Any) -> Any:
        with lock:  # DynamoDB decides two conditional writes one after the other; moto, called by two threads, may not
            return call(*request)

    dynamodb._make_api_call = one_at_a_time
    return dynamodb, boto3.client("sqs")


class Cloud:
    """The table and the two queues, with what a test wants to ask them."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.dynamodb, self.sqs = _clients()
        self.dynamodb.create_table(
            TableName="tasks",
            KeySchema=[{"AttributeName": "taskId", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "taskId", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        self.dead_letters_url = self.sqs.create_queue(QueueName="dead")["QueueUrl"]
        arn = self.sqs.get_queue_attributes(QueueUrl=self.dead_letters_url, AttributeNames=["QueueArn"])["Attributes"]
        policy = {"deadLetterTargetArn": arn["QueueArn"], "maxReceiveCount": MAX_RECEIVES}
        self.queue_url = self.sqs.create_queue(
            QueueName="tasks", Attributes={"RedrivePolicy": json.dumps(policy), "VisibilityTimeout": "360"}
        )["QueueUrl"]
        self.store = TaskStore(self.dynamodb, "tasks", TTL_SECONDS)
        self.wakeups = WakeupQueue(self.sqs, self.queue_url)

    def put(self, payload: object = None) -> str:
        """Record a task and wake a worker, as POST does; return the task's id."""
        task_id = str(uuid.uuid4())
        self.store.create(task_id, json.dumps(payload), "hash", self.clock())
        self.wakeups.send(task_id)
        return task_id

    def task(self, task_id: str) -> Task:
        """Read a record that must be there."""
        task = self.store.get(task_id, self.clock())
        assert task is not None
        return task

    def claimed(self, task_id: str, lease: str) -> Task:
        """The record as the worker with this lease knows it from its claim."""
        return replace(self.task(task_id), lease=lease)

    def receive(self, most: int = 10) -> list[dict[str, Any]]:
        """Receive what is visible, as the records of a Lambda event."""
        answer = self.sqs.receive_message(
            QueueUrl=self.queue_url, MaxNumberOfMessages=most, MessageSystemAttributeNames=["All"]
        )
        return [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": message["Attributes"],
            }
            for message in answer.get("Messages", [])
        ]

    def delete(self, record: Mapping[str, Any]) -> None:
        self.sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=record["receiptHandle"])

    def show(self, records: list[dict[str, Any]]) -> None:
        """Make messages visible at once, whatever delay they were given."""
        for record in records:
            self.sqs.change_message_visibility(
                QueueUrl=self.queue_url, ReceiptHandle=record["receiptHandle"], VisibilityTimeout=0
            )

    def dead_letters(self) -> list[str]:
        """Ids of the tasks in the dead-letter queue."""
        self.receive()  # SQS moves a message when it would be received once too often
        answer = self.sqs.receive_message(QueueUrl=self.dead_letters_url, MaxNumberOfMessages=10, VisibilityTimeout=0)
        return [json.loads(message["Body"])["taskId"] for message in answer.get("Messages", [])]


@dataclass(frozen=True)
class Answer:
    """An HTTP answer of the API function."""

    status: int
    body: Any
    headers: Mapping[str, str]


def resource_of(path: str) -> str:
    """Match a path as API Gateway does; one that it would not let through stays as it is."""
    return re.sub(r"(?<=^/task/)[^/]+", "{taskId}", path)


class Api:
    """API Gateway's part: requests as proxy events."""

    def __init__(self, cloud: Cloud, cors: Cors | None = None, routes: Iterable[str] = ()) -> None:
        config = ApiConfig("tasks", cloud.queue_url, MAX_RECEIVES, TTL_SECONDS, RETENTION_SECONDS)
        sender = ThreadPoolExecutor(max_workers=1)
        service = TaskService(cloud.store, cloud.wakeups, config, sender, cloud.clock)
        self.handler = make_handler(service, cors, routes)

    def post(self, body: str | None, headers: Mapping[str, str] | None = None, **event: Any) -> Answer:
        return self._call("POST", "/task", body, headers or {}, **event)

    def get(self, task_id: str, headers: Mapping[str, str] | None = None) -> Answer:
        matched = {"resource": "/task/{taskId}", "pathParameters": {"taskId": task_id}}
        return self._call("GET", f"/task/{task_id}", None, headers or {}, **matched)

    def retry(self, task_id: str, body: str | None = None) -> Answer:
        matched = {"resource": "/task/{taskId}/retry", "pathParameters": {"taskId": task_id}}
        return self._call("POST", f"/task/{task_id}/retry", body, {}, **matched)

    def preflight(self, path: str, headers: Mapping[str, str]) -> Answer:
        return self._call("OPTIONS", path, None, headers)

    def request(self, method: str, path: str, **event: Any) -> Answer:
        return self._call(method, path, None, {}, **event)

    def _call(self, method: str, path: str, body: str | None, headers: Mapping[str, str], **event: Any) -> Answer:
        request = {
            "httpMethod": method,
            "resource": resource_of(path),
            "path": path,
            "body": body,
            "headers": dict(headers),
            "isBase64Encoded": False,
            "requestContext": {"identity": {}},
            **event,
        }
        answer = self.handler(request, LambdaContext(10))
        received = {name: values[0] for name, values in answer["multiValueHeaders"].items()}
        return Answer(answer["statusCode"], json.loads(answer["body"] or "null"), received)


class LambdaContext:
    """What Lambda hands to a handler."""

    function_name = "unit"
    memory_limit_in_mb = 128
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:unit"

    def __init__(self, timeout: float) -> None:
        self.aws_request_id = str(uuid.uuid4())
        self._ends_at = time.monotonic() + timeout

    def get_remaining_time_in_millis(self) -> int:
        return int((self._ends_at - time.monotonic()) * 1000)


class Worker:
    """The event source mapping's part: it receives, invokes, and deletes what the handler does not keep."""

    def __init__(
        self, cloud: Cloud, code: Callable[..., object], timeout: float, concurrency: int, log_error_text: bool = False
    ) -> None:
        config = WorkerConfig(
            "tasks", cloud.queue_url, MAX_RECEIVES, TTL_SECONDS, "a.b", concurrency, 2, 300, log_error_text
        )
        adapted = task_code.adapt(code)
        self.handler = WorkerHandler(
            Settings(cloud.store, cloud.wakeups, config, adapted, adapted, cloud.clock), concurrency
        )
        self._cloud = cloud
        self._timeout = timeout

    def poll(self) -> list[str]:
        """Handle what is visible; return the ids of the messages that the handler kept."""
        return self.handle(self._cloud.receive())

    def handle(self, records: list[dict[str, Any]]) -> list[str]:
        answer = self.handler({"Records": records}, LambdaContext(self._timeout))
        kept = [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
        for record in records:
            if record["messageId"] not in kept:
                self._cloud.delete(record)
        return kept

    def poll_until_dead(self) -> None:
        """Let every delivery happen, without the waits between them."""
        for _ in range(MAX_RECEIVES):
            records = self._cloud.receive()
            kept = self.handle(records)
            self._cloud.show([record for record in records if record["messageId"] in kept])
