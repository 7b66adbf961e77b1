"""The end of the invocation, which the worker has to come before."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from runtime.worker.given import MakeWorker
from support.cloud import MAX_RECEIVES, Cloud
from task_runner import TaskContext
from task_runner.record.task import Status, TaskError, epoch_ms


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
