"""What the client's cost model takes for a task is what the handlers really call, write and log."""

import io
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from support.cloud import Api, Cloud, Worker
from support.item_size import item_size, value_size
from task_runner import TaskContext
from task_runner.json_lines import JsonLines
from task_runner.telemetry import logger
from task_runner_client.cost import quantities

MakeWorker = Callable[..., Worker]
BY_THE_MAPPING = {"ReceiveMessage", "DeleteMessage"}  # of Lambda's pollers, whose part the tests' worker plays


@pytest.fixture
def calls(cloud: Cloud) -> Iterator[Counter[str]]:
    """Count what the functions ask of AWS, by operation."""
    seen: Counter[str] = Counter()

    def count(model: Any, **_: Any) -> None:
        if model.name not in BY_THE_MAPPING:
            seen[model.name] += 1

    for client in (cloud.dynamodb, cloud.sqs):
        client.meta.events.register("before-call", count)
    yield seen
    for client in (cloud.dynamodb, cloud.sqs):
        client.meta.events.unregister("before-call", count)


@pytest.fixture
def logged(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], tuple[int, int]]]:
    """Tell the bytes that were logged since the last call: lines, then metrics."""
    lines = logging.StreamHandler(io.StringIO())
    lines.setFormatter(JsonLines("tasks"))
    logger.addHandler(lines)

    def since() -> tuple[int, int]:
        written = len(lines.stream.getvalue().replace(__file__, "/var/task/tasks.py"))  # where Lambda has task code
        lines.stream.seek(0)
        lines.stream.truncate()
        return written, len(capsys.readouterr().out)

    yield since
    logger.removeHandler(lines)


def works(_payload: Any, _context: TaskContext) -> None:
    return None


def fails(_payload: Any, _context: TaskContext) -> None:
    raise ValueError("no luck")


def reports(_payload: Any, context: TaskContext) -> None:
    context.progress(0.5, "half")


def size(cloud: Cloud, task_id: str) -> int:
    """A record's bytes beside payload and result, as DynamoDB counts them (developer guide, "Item sizes")."""
    item = cloud.dynamodb.get_item(TableName="tasks", Key={"taskId": {"S": task_id}})["Item"]
    # The model counts these two by themselves.
    return item_size(item) - sum(value_size(item[name]) for name in ("payload", "result") if name in item)


def close(constant: int, measured: int) -> bool:
    """A constant is no less than what was measured, and no more than a tenth above."""
    return measured <= constant <= measured * 1.1


def test_post_and_get_make_the_calls_that_are_paid_for(api: Api, calls: Counter[str]) -> None:
    task_id = api.post("{}").body["taskId"]
    assert calls == quantities.POST_CALLS
    calls.clear()
    api.get(task_id)
    assert calls == quantities.GET_CALLS


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (works, quantities.TRY_CALLS),
        (fails, quantities.RETRY_CALLS),
        (reports, Counter(quantities.TRY_CALLS) + Counter(quantities.PROGRESS_CALLS)),
    ],
)
def test_try_makes_the_calls_that_are_paid_for(
    code: Callable[..., None], expected: dict[str, int], cloud: Cloud, worker: MakeWorker, calls: Counter[str]
) -> None:
    tasks = 3
    for _ in range(tasks):
        cloud.put()
    calls.clear()
    worker(code).poll()
    assert calls == {name: tasks * number for name, number in expected.items()}, "no less in a batch than alone"


def test_record_has_the_bytes_that_are_paid_for(api: Api, cloud: Cloud, worker: MakeWorker) -> None:
    task_id = api.post("{}").body["taskId"]
    assert close(quantities.ACCEPTED_BYTES, size(cloud, task_id))
    seen: list[int] = []
    worker(lambda _payload, _context: seen.append(size(cloud, task_id))).poll()
    assert close(quantities.ENDED_BYTES, max(*seen, size(cloud, task_id)))


def test_functions_log_the_bytes_that_are_paid_for(
    api: Api, worker: MakeWorker, logged: Callable[[], tuple[int, int]]
) -> None:
    logged()
    task_id = api.post("{}").body["taskId"]
    assert close(quantities.POST_LOG, sum(logged()))
    api.get(task_id)
    assert sum(logged()) == 0
    worker(works).poll()
    lines, metrics = logged()
    assert close(quantities.TASK_LOG, lines)
    assert close(quantities.BATCH_LOG, metrics)


def test_try_that_fails_logs_the_bytes_that_are_paid_for(
    cloud: Cloud, worker: MakeWorker, logged: Callable[[], tuple[int, int]]
) -> None:
    cloud.put()
    logged()
    worker(fails).poll()
    lines, metrics = logged()
    assert close(quantities.RETRY_LOG, lines)
    assert close(quantities.BATCH_LOG, metrics)
