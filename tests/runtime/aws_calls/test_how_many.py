"""How many calls of AWS each thing costs: callers wait for them, and somebody pays for each."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from runtime.aws_calls.given import BATCH, MAX_RECEIVES, batch, get, post, retry, task, work
from runtime.aws_calls.wire import Wire
from task_runner import PermanentError, TaskContext
from task_runner.api import entry as api_entry
from task_runner.record.task import Status, Task, now_ms
from task_runner.worker import entry as worker_entry

KEY = {"Idempotency-Key": "order-7"}
DAY_MS = 86_400_000


def succeeds(payload: Any, _: TaskContext) -> Any:
    return payload


def fails(*_: Any) -> None:
    raise ValueError


def gives_up(*_: Any) -> None:
    raise PermanentError


def reports_often(_: Any, context: TaskContext) -> None:
    for step in range(50):  # far less than a second
        context.progress(step / 50)


@dataclass(frozen=True)
class Case:
    """What a function is asked, the record that it meets, and the calls that this costs."""

    do: Callable[[], int]
    answers: int  # the status of a request, how many messages of a batch are kept
    costs: dict[str, int]
    record: Task = field(default_factory=task)
    refused: tuple[str, ...] = ()


RUNNING = task(status=Status.PROCESSING, attempts=1, lease="other", lease_expires_at=now_ms() + DAY_MS)
LOST = task(status=Status.PROCESSING, attempts=3, lease="dead", lease_expires_at=1, receives=MAX_RECEIVES)
FAILED = task(status=Status.FAILED, attempts=3, lease="mine")
ENDED = task(status=Status.COMPLETED, attempts=1, result="1")
REQUESTS = {
    "POST": Case(post, 200, {"PutItem": 1, "SendMessage": 1}),
    "POST with a key": Case(lambda: post(headers=KEY), 200, {"PutItem": 1, "SendMessage": 1}),
    "the same again, untouched yet": Case(
        lambda: post(headers=KEY), 200, {"PutItem": 1, "UpdateItem": 1, "SendMessage": 1}, refused=("PutItem",)
    ),
    "the same again, ended": Case(lambda: post(headers=KEY), 200, {"PutItem": 1}, ENDED, ("PutItem",)),
    "POST of what is no JSON": Case(lambda: post("{"), 400, {}),
    "GET": Case(get, 200, {"GetItem": 1}, ENDED),
    "retry of a task that failed": Case(retry, 200, {"GetItem": 1, "UpdateItem": 1, "SendMessage": 1}, FAILED),
    "retry of one that is completed": Case(retry, 409, {"GetItem": 1}, ENDED),
    "GET of a task whose worker is gone": Case(get, 200, {"GetItem": 1, "UpdateItem": 1}, LOST),
}
BATCHES = {
    "a full batch": Case(lambda: work(succeeds, batch(BATCH)), 0, {"UpdateItem": 2 * BATCH}),
    "a task that gives up": Case(lambda: work(gives_up, batch()), 0, {"UpdateItem": 2}),
    "a try that fails": Case(lambda: work(fails, batch()), 1, {"UpdateItem": 2, "ChangeMessageVisibility": 1}),
    "the last": Case(
        lambda: work(fails, batch(receives=MAX_RECEIVES)), 1, {"UpdateItem": 2, "ChangeMessageVisibility": 1}
    ),
    "reports of progress": Case(lambda: work(reports_often, batch()), 0, {"UpdateItem": 3}),
    "a duplicate, ended": Case(lambda: work(fails, batch()), 0, {"UpdateItem": 1}, ENDED, ("UpdateItem",)),
    "a duplicate, running": Case(
        lambda: work(fails, batch()), 1, {"UpdateItem": 1, "ChangeMessageVisibility": 1}, RUNNING, ("UpdateItem",)
    ),
    "a message that is no wake-up": Case(lambda: work(fails, batch(body="hello")), 0, {}),
}
CASES = {**REQUESTS, **BATCHES}


@pytest.mark.parametrize("name", CASES)
def test_each_thing_costs_these_calls(name: str, wire: Wire) -> None:
    case = CASES[name]
    wire.record, wire.refused = case.record, case.refused
    assert case.do() == case.answers
    assert wire.calls == case.costs


def test_to_start_costs_none(wire: Wire) -> None:
    for entry in (api_entry, worker_entry):
        entry._from_environment()
    assert wire.calls == {}
