"""The real functions, with what Lambda hands to them."""

import json
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from support.cloud import LambdaContext, resource_of
from task_runner.api.dispatch import Handler, make_handler
from task_runner.api.entry import handler as api
from task_runner.api.service import TaskService
from task_runner.clients import connect
from task_runner.config import api_config, worker_config
from task_runner.record.payload import fingerprint
from task_runner.record.task import Status, Task, iso, now_ms
from task_runner.worker.batch import Worker
from task_runner.worker.run import Settings

TASK_ID = "3f1c1e58-6d5c-4e0e-9a53-0d5f6a0f7a11"
MAX_RECEIVES = int(os.environ["TASK_RUNNER_MAX_RECEIVE_COUNT"])
NOW = iso(now_ms())
BATCH = 10


def task(payload: Any = None, **fields: Any) -> Task:
    """A record that has just been accepted, but for these fields."""
    pending = {"status": Status.PENDING, "payload": json.dumps(payload), "payload_hash": fingerprint(payload)}
    moments = {"created_at": NOW, "updated_at": NOW, "expiration_time": 4_102_444_800}
    return Task(TASK_ID, **{**pending, **moments, **fields})


def post(body: str = "null", headers: Mapping[str, str] | None = None) -> int:
    """POST to the API function; return the status of its answer."""
    return call("POST", "/task", body=body, headers=dict(headers or {}))


def get() -> int:
    """GET the task."""
    return call("GET", f"/task/{TASK_ID}", headers={}, pathParameters={"taskId": TASK_ID})


def retry() -> int:
    """Retry the task, at an API that has this route."""
    return call("POST", f"/task/{TASK_ID}/retry", with_retry(), headers={}, pathParameters={"taskId": TASK_ID})


@cache
def with_retry() -> Handler:
    """The API function with the optional route; made once, as every client is."""
    config = api_config({**os.environ, "TASK_RUNNER_ROUTES": "retry"})
    store, wakeups = connect(config, connections=2)
    return make_handler(TaskService(store, wakeups, config, ThreadPoolExecutor(1)), None, config.routes)


def call(method: str, path: str, handler: Handler = api, **event: Any) -> int:
    matched = {"httpMethod": method, "resource": resource_of(path), "path": path, "requestContext": {"identity": {}}}
    return int(handler({**matched, **event}, LambdaContext(10))["statusCode"])


def batch(size: int = 1, receives: int = 1, body: str = json.dumps({"taskId": TASK_ID})) -> dict[str, Any]:
    """An event of the queue, all of whose messages are about the task."""
    attributes = {"ApproximateReceiveCount": str(receives), "SentTimestamp": str(now_ms())}
    return {
        "Records": [
            {"messageId": str(number), "receiptHandle": "r", "body": body, "attributes": attributes}
            for number in range(size)
        ]
    }


def work(code: Callable[..., Any], event: Mapping[str, Any]) -> int:
    """Let a worker with this task code handle an event; return how many messages it keeps."""
    config = worker_config(os.environ)
    store, wakeups = connect(config, connections=2 * config.concurrency)
    worker = Worker(Settings(store, wakeups, config, code, code), config.concurrency)
    return len(worker(event, LambdaContext(30))["batchItemFailures"])
