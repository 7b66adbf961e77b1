"""The records of a batch: side by side, and none at the cost of another."""

import json
import threading
import time
from typing import Any

import pytest

from runtime.worker.given import MakeWorker, fails
from support.cloud import Cloud, LambdaContext
from task_runner import TaskContext
from task_runner.record.task import Status
from task_runner.worker.entry import handler as worker_handler


def test_one_bad_record_leaves_its_neighbours_alone(cloud: Cloud, worker: MakeWorker) -> None:
    good = [cloud.put(n) for n in range(5)]
    bad = cloud.put("bad")

    def work(payload: Any, _: TaskContext) -> Any:
        if payload == "bad":
            raise SystemExit(1)
        return payload

    assert len(worker(work).poll()) == 1
    assert {cloud.task(task_id).status for task_id in good} == {Status.COMPLETED}
    assert cloud.task(bad).status is Status.PENDING


@pytest.mark.parametrize("body", ["", "null", "[]", "hello", '{"taskId": 7}', '{"taskId": "x"}', "[" * 50_000])
def test_foreign_message_is_dropped(cloud: Cloud, worker: MakeWorker, body: str) -> None:
    task_id = cloud.put(1)
    records = cloud.receive()
    foreign = {**records[0], "messageId": "foreign", "body": body}
    answer = worker(lambda payload, _: payload).handle([foreign, *records])
    assert answer == []
    assert cloud.task(task_id).status is Status.COMPLETED


def test_records_of_a_batch_run_side_by_side(cloud: Cloud, worker: MakeWorker) -> None:
    meeting = threading.Barrier(5, timeout=5)  # passes only if all five are there at once
    ids = [cloud.put() for _ in range(5)]
    worker(lambda *_: meeting.wait() >= 0, concurrency=5).poll()
    assert {cloud.task(task_id).status for task_id in ids} == {Status.COMPLETED}


def test_concurrency_bounds_how_many_run_at_once(cloud: Cloud, worker: MakeWorker) -> None:
    running, most, lock = [0], [0], threading.Lock()

    def work(_payload: Any, _context: TaskContext) -> None:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(0.05)
        with lock:
            running[0] -= 1

    for _ in range(6):
        cloud.put()
    worker(work, concurrency=2).poll()
    assert most[0] == 2


def test_response_is_well_formed_whatever_happens(
    cloud: Cloud, worker: MakeWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bug(*_: Any, **__: Any) -> None:
        raise KeyError("bug")

    cloud.put()
    records = cloud.receive()
    monkeypatch.setattr(cloud.store, "claim", bug)
    answer = worker(fails).handler({"Records": records}, LambdaContext(30))
    assert json.dumps(answer) == json.dumps({"batchItemFailures": [{"itemIdentifier": records[0]["messageId"]}]})


def test_fault_of_the_handler_is_told_to_whoever_asks() -> None:
    assert worker_handler({"check": "handler"}, LambdaContext(30)) == {"handler": "demo.tasks.handle", "error": None}
