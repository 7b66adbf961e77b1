"""Wake-ups that come twice, early, late or for nothing."""

import threading
from dataclasses import replace
from typing import Any
from unittest.mock import Mock

import pytest

from runtime.worker.given import MakeWorker, fails, visibility
from support.cloud import MAX_RECEIVES, Api, Clock, Cloud, LambdaContext, delivery
from task_runner.config import WorkerConfig
from task_runner.errors import ServiceUnavailable
from task_runner.record.task import Status
from task_runner.wakeups import delivery_of
from task_runner.worker.batch import Worker as WorkerHandler
from task_runner.worker.run import Settings


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
    cloud.store.claim(delivery(task_id), "other", clock() + 30_000, clock())
    assert len(worker(fails).poll()) == 1
    assert waits == [31]
    assert cloud.task(task_id).lease == "other"


def test_last_delivery_that_meets_a_running_attempt_is_noted_for_get_to_judge_by(
    cloud: Cloud, worker: MakeWorker, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = visibility(cloud, monkeypatch)
    task_id = cloud.put()
    cloud.store.claim(delivery(task_id), "other", clock() + 30_000, clock())
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


def test_late_delivery_cannot_take_up_a_task_whose_last_delivery_was_lost(
    cloud: Cloud, api: Api, worker: MakeWorker, clock: Clock
) -> None:
    task_id = cloud.put()
    late = cloud.receive()
    last = replace(delivery_of(late[0]), receives=MAX_RECEIVES)
    cloud.store.claim(last, "lost", clock() + 1, clock())
    clock.advance(1)
    assert len(worker(fails).handle(late)) == 1
    task = api.get(task_id).body
    assert (task["status"], task["attempts"], task["error"]["type"]) == ("failed", 1, "WorkerLost")
