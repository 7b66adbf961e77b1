"""What becomes of an attempt: its result, its failure, its next try."""

import asyncio
from typing import Any

import pytest

from runtime.worker.given import MakeWorker, fails, visibility
from support.cloud import MAX_RECEIVES, Clock, Cloud, LambdaContext, delivery
from task_runner import PermanentError, RetryLater, TaskContext
from task_runner.config import WorkerConfig
from task_runner.record.task import Status, TaskError
from task_runner.worker.batch import Worker as WorkerHandler
from task_runner.worker.run import Settings


def test_task_code_gets_payload_and_context_and_its_result_is_kept(cloud: Cloud, worker: MakeWorker) -> None:
    told: list[TaskContext] = []

    def work(payload: Any, context: TaskContext) -> Any:
        told.append(context)
        return payload["n"] + 1

    task_id = cloud.put({"n": 1})
    assert worker(work).poll() == []
    task = cloud.task(task_id)
    assert (task.status, task.result, task.attempts) == (Status.COMPLETED, "2", 1)
    assert (told[0].task_id, told[0].attempt, told[0].max_attempts) == (task_id, 1, MAX_RECEIVES)
    assert 50 < told[0].remaining_seconds() <= 60


def test_async_task_code_is_awaited(cloud: Cloud, worker: MakeWorker) -> None:
    async def work(payload: Any, _: TaskContext) -> Any:
        await asyncio.sleep(0)
        return payload

    task_id = cloud.put("async")
    worker(work).poll()
    assert cloud.task(task_id).result == '"async"'


def test_failed_attempt_is_tried_again_after_a_jittered_backoff(
    cloud: Cloud, worker: MakeWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = visibility(cloud, monkeypatch)
    task_id = cloud.put()
    assert len(worker(fails).poll()) == 1
    assert cloud.task(task_id).status is Status.PENDING
    assert cloud.task(task_id).error == TaskError("ValueError", "no luck")
    assert len(waits) == 1
    assert 0 <= waits[0] <= 2


def test_last_failure_is_dead_lettered_at_once(
    cloud: Cloud, worker: MakeWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = visibility(cloud, monkeypatch)
    task_id = cloud.put()
    worker(fails).poll_until_dead()
    task = cloud.task(task_id)
    assert (task.status, task.attempts, task.error) == (Status.FAILED, 3, TaskError("ValueError", "no luck"))
    assert waits[-2] == 0  # the last one is the test's own
    assert cloud.dead_letters() == [task_id]


def test_permanent_error_fails_at_once_and_is_not_dead_lettered(cloud: Cloud, worker: MakeWorker) -> None:
    def refuse(_payload: Any, _context: TaskContext) -> None:
        raise PermanentError("never")

    task_id = cloud.put()
    assert worker(refuse).poll() == []
    assert cloud.task(task_id).error == TaskError("PermanentError", "never")
    assert cloud.dead_letters() == []


@pytest.mark.parametrize(("asked", "given"), [(17, 17), (0.2, 1), (10**6, 43_200), (-5, 0)])
def test_retry_later_sets_the_wait(
    cloud: Cloud, worker: MakeWorker, monkeypatch: pytest.MonkeyPatch, asked: float, given: int
) -> None:
    def later(_payload: Any, _context: TaskContext) -> None:
        raise RetryLater(asked)

    waits = visibility(cloud, monkeypatch)
    cloud.put()
    worker(later).poll()
    assert waits == [given]


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        (object(), "the result is not JSON: Object of type object"),
        (float("nan"), "the result is not JSON: Out of range float"),
        ({"a": {1, 2}}, "the result is not JSON: Object of type set"),
        ("\ud800", "the result is not JSON: 'utf-8' codec"),
        ("x" * 393_215, "payload and result have 393221 bytes together, 393216 is the most"),
    ],
    ids=["object", "nan", "set", "half a character", "too large"],
)
def test_result_that_cannot_be_recorded_fails_for_good(
    cloud: Cloud, worker: MakeWorker, result: Any, reason: str
) -> None:
    task_id = cloud.put()
    assert worker(lambda *_: result).poll() == []
    task = cloud.task(task_id)
    assert task.status is Status.FAILED
    assert task.error is not None
    assert task.error.type == "InvalidResult"
    assert task.error.message.startswith(reason)


def test_interrupted_task_runs_in_a_process_of_its_own(cloud: Cloud, clock: Clock) -> None:
    where: list[str] = []
    config = WorkerConfig("tasks", cloud.queue_url, MAX_RECEIVES, 10**6, "a.b", 1, 2, 300)
    settings = Settings(
        cloud.store,
        cloud.wakeups,
        config,
        code=lambda *_: where.append("here"),
        isolated=lambda *_: where.append("apart"),
        clock=clock,
    )
    for interrupted in (False, True):
        task_id = cloud.put()
        if interrupted:
            cloud.store.claim(delivery(task_id), "dead", clock(), clock())
            clock.advance(1)
        WorkerHandler(settings, 1)({"Records": cloud.receive()}, LambdaContext(30))
    assert where == ["here", "apart"]
