import asyncio
import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import Mock

import pytest

from support.cloud import MAX_RECEIVES, Api, Clock, Cloud, LambdaContext, Worker
from task_runner import PermanentError, RetryLater, TaskContext
from task_runner.config import WorkerConfig
from task_runner.errors import ServiceUnavailable
from task_runner.record.task import Delivery, Status, TaskError, epoch_ms
from task_runner.telemetry import logger
from task_runner.worker.batch import Worker as WorkerHandler
from task_runner.worker.entry import handler as worker_handler
from task_runner.worker.run import Settings

MakeWorker = Callable[..., Worker]
LINE = {"location", "timestamp", "service"}  # what every line of the log has besides level and message


def fails(_payload: Any, _context: TaskContext) -> None:
    raise ValueError("no luck")


def visibility(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Record every visibility timeout that is asked for."""
    seen: list[int] = []
    change = cloud.sqs.change_message_visibility

    def record(**parameters: Any) -> None:
        seen.append(parameters["VisibilityTimeout"])
        change(**parameters)

    monkeypatch.setattr(cloud.sqs, "change_message_visibility", record)
    return seen


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


def test_log_lines_of_task_code_name_the_task(
    cloud: Cloud, worker: MakeWorker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(_payload: Any, context: TaskContext) -> None:
        context.logger.info("half way", extra={"page": 7})

    monkeypatch.setattr(logger.handlers[0], "stream", sys.stdout)
    task_id = cloud.put()
    worker(work).poll()
    (said,) = [line for line in map(json.loads, capsys.readouterr().out.splitlines()) if line.get("page")]
    assert said.items() >= {"level": "INFO", "message": "half way", "service": "unit", "task_id": task_id}.items()


def test_a_task_costs_three_writes_and_one_message(cloud: Cloud, api: Api, worker: MakeWorker) -> None:
    calls: Counter[str] = Counter()
    for client in (cloud.dynamodb, cloud.sqs):
        client.meta.events.register("before-call", lambda model, **_: calls.update([model.name]), unique_id="count")
    api.post("{}")
    worker(lambda *_: None).poll()
    for client in (cloud.dynamodb, cloud.sqs):
        client.meta.events.unregister("before-call", unique_id="count")
    assert calls == {"PutItem": 1, "UpdateItem": 2, "SendMessage": 1, "ReceiveMessage": 1, "DeleteMessage": 1}


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
        ("x" * 401_407, "payload and result have 401413 bytes together, 401408 is the most"),
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
            cloud.store.claim(Delivery(task_id, "m", "r", 1, 0), "dead", clock(), clock())
            clock.advance(1)
        WorkerHandler(settings, 1)({"Records": cloud.receive()}, LambdaContext(30))
    assert where == ["here", "apart"]


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


def test_duplicate_of_a_completed_task_is_dropped(cloud: Cloud, worker: MakeWorker) -> None:
    runs: list[Any] = []
    task_id = cloud.put()
    cloud.wakeups.send(task_id)
    once = worker(lambda payload, _: runs.append(payload))
    records = cloud.receive()
    (twin,) = once.handle(records)  # it came while the other held the lease
    cloud.show([record for record in records if record["messageId"] == twin])
    assert once.poll() == []
    assert len(runs) == 1


def test_duplicate_of_a_running_task_comes_back_when_its_lease_ends(
    cloud: Cloud, worker: MakeWorker, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = visibility(cloud, monkeypatch)
    task_id = cloud.put()
    cloud.store.claim(Delivery(task_id, "m", "r", 1, 0), "other", clock() + 30_000, clock())
    assert len(worker(fails).poll()) == 1
    assert waits == [31]
    assert cloud.task(task_id).lease == "other"


def test_last_delivery_that_meets_a_running_attempt_is_noted_for_get_to_judge_by(
    cloud: Cloud, worker: MakeWorker, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = visibility(cloud, monkeypatch)
    task_id = cloud.put()
    cloud.store.claim(Delivery(task_id, "m", "r", 1, 0), "other", clock() + 30_000, clock())
    records = cloud.receive()
    records[0]["attributes"]["ApproximateReceiveCount"] = str(MAX_RECEIVES)
    assert len(worker(fails).handle(records)) == 1
    assert cloud.task(task_id).receives == MAX_RECEIVES
    assert waits == [31]


@pytest.mark.parametrize(("receives", "waits"), [(1, 0), (MAX_RECEIVES, 1)])
def test_only_the_last_delivery_waits_for_a_record_that_is_seconds_late(
    cloud: Cloud, clock: Clock, receives: int, waits: int
) -> None:
    cloud.wakeups.send("3f1c1e58-6d5c-4e0e-9a53-0d5f6a0f7a11")
    records = cloud.receive()
    records[0]["attributes"]["ApproximateReceiveCount"] = str(receives)
    clock.advance(5)
    sleep = Mock(side_effect=lambda _: clock.advance(10))
    config = WorkerConfig("tasks", cloud.queue_url, MAX_RECEIVES, 10**6, "a.b", 1, 2, 300)
    settings = Settings(cloud.store, cloud.wakeups, config, fails, fails, clock, sleep)
    WorkerHandler(settings, 1)({"Records": records}, LambdaContext(30))
    assert sleep.call_count == waits


def test_lease_ends_with_the_invocation(cloud: Cloud, worker: MakeWorker) -> None:
    leases: list[float] = []

    def work(_payload: Any, context: TaskContext) -> None:
        task = cloud.task(context.task_id)
        assert task.lease_expires_at is not None
        assert task.started_at is not None
        leases.append((task.lease_expires_at - epoch_ms(task.started_at)) / 1000)

    cloud.put()
    worker(work, timeout=600).poll()
    assert 590 < leases[0] <= 600


def test_log_says_how_each_delivery_ended(
    cloud: Cloud, worker: MakeWorker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logger.handlers[0], "stream", sys.stdout)
    task_id = cloud.put()
    worker(fails).poll()
    lines = [line for line in map(json.loads, capsys.readouterr().out.splitlines()) if "message" in line]
    failed, ended = [{name: line[name] for name in line if name not in LINE} for line in lines]
    assert failed == {"level": "WARNING", "message": "attempt failed", "task_id": task_id, "error_type": "ValueError"}
    assert ended == {
        "level": "INFO",
        "message": "attempt failed, the task will be tried again",
        "task_id": task_id,
        "receives": 1,
    }


def test_log_says_what_cannot_be_reached(
    cloud: Cloud, worker: MakeWorker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logger.handlers[0], "stream", sys.stdout)
    monkeypatch.setattr(cloud.store, "claim", Mock(side_effect=ServiceUnavailable("down")))
    task_id = cloud.put()
    worker(fails).poll()
    first = json.loads(capsys.readouterr().out.splitlines()[0])
    assert {name: first[name] for name in first if name not in LINE} == {
        "level": "ERROR",
        "message": "dependency unavailable",
        "task_id": task_id,
        "reason": "down",
    }


def test_wake_up_that_beats_its_record_waits_for_it(cloud: Cloud, worker: MakeWorker) -> None:
    task_id = "3f1c1e58-6d5c-4e0e-9a53-0d5f6a0f7a11"
    cloud.wakeups.send(task_id)
    late = threading.Timer(0.3, lambda: cloud.store.create(task_id, "1", "", cloud.clock()))
    late.start()
    assert worker(lambda payload, _: payload).poll() == []
    assert cloud.task(task_id).status is Status.COMPLETED


def test_wake_up_without_a_record_is_kept_for_a_minute_then_dropped(
    cloud: Cloud, worker: MakeWorker, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.wakeups.send("3f1c1e58-6d5c-4e0e-9a53-0d5f6a0f7a11")
    waits = visibility(cloud, monkeypatch)
    clock.advance(30)
    records = cloud.receive()
    assert len(worker(fails).handle(records)) == 1
    assert waits == [5]
    clock.advance(31)
    assert worker(fails).handle(records) == []


def test_outage_leaves_the_message_to_the_visibility_timeout(
    cloud: Cloud, worker: MakeWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = visibility(cloud, monkeypatch)
    cloud.put()
    claim = Mock(side_effect=ServiceUnavailable("down"))
    monkeypatch.setattr(cloud.store, "claim", claim)
    assert len(worker(fails).poll()) == 1
    assert waits == []
    assert claim.call_count == 1, "nothing more is asked of a table that is down"


class TestDeadline:
    @pytest.fixture
    def release(self) -> Iterator[threading.Event]:
        event = threading.Event()
        yield event
        event.set()

    def test_blocked_task_is_timed_out_beside_good_neighbours(
        self, cloud: Cloud, worker: MakeWorker, release: threading.Event
    ) -> None:
        good = [cloud.put(n) for n in range(9)]
        blocked = cloud.put("block")
        began = time.monotonic()
        kept = worker(lambda payload, _: payload != "block" or release.wait(30), timeout=4).poll()
        assert time.monotonic() - began < 4
        assert len(kept) == 1
        assert {cloud.task(task_id).status for task_id in good} == {Status.COMPLETED}
        task = cloud.task(blocked)
        assert task.status is Status.PENDING
        assert task.error == TaskError("TimedOut", "the task code was still running when the worker's timeout came")

    def test_zombie_can_neither_write_nor_go_on(
        self, cloud: Cloud, worker: MakeWorker, release: threading.Event
    ) -> None:
        went_on: list[int] = []
        ended = threading.Event()

        def work(_payload: Any, _context: TaskContext) -> None:
            try:
                release.wait(30)
                went_on.extend(range(1))
            finally:
                ended.set()

        task_id = cloud.put()
        worker(work, timeout=4).poll()
        before = cloud.task(task_id)
        release.set()
        assert ended.wait(5)
        assert went_on == []
        assert cloud.task(task_id) == before

    def test_record_that_found_no_thread_in_time_is_kept(
        self, cloud: Cloud, worker: MakeWorker, release: threading.Event
    ) -> None:
        ids = [cloud.put(), cloud.put()]
        assert len(worker(lambda *_: release.wait(30), timeout=4, concurrency=1).poll()) == 2
        assert {cloud.task(task_id).status for task_id in ids} == {Status.PENDING}

    def test_record_that_found_no_thread_on_its_last_try_is_failed(
        self, cloud: Cloud, worker: MakeWorker, release: threading.Event
    ) -> None:
        ids = [cloud.put(), cloud.put()]
        records = cloud.receive()
        for record in records:
            record["attributes"]["ApproximateReceiveCount"] = str(MAX_RECEIVES)
        worker(lambda *_: release.wait(30), timeout=4, concurrency=1).handle(records)
        messages = {task.error.message for task_id in ids if (task := cloud.task(task_id)).error}
        assert messages == {
            "the task code was still running when the worker's timeout came",
            "no thread was free when the worker's timeout came",
        }


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
