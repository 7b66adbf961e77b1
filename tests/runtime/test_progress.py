from collections.abc import Callable
from typing import Any

import pytest

from support.cloud import Api, Clock, Cloud, Worker
from task_runner import TaskContext
from task_runner.errors import ServiceUnavailable
from task_runner.progress import LONGEST_MESSAGE, Progress, Throttled
from task_runner.record.store import TaskStore
from task_runner.record.task import Delivery, Status
from task_runner.testing import task_context

MakeWorker = Callable[..., Worker]


@pytest.mark.parametrize("fraction", [-0.1, 1.1, float("nan"), float("inf"), "0.5", None])
def test_what_is_no_fraction_is_refused(fraction: Any) -> None:
    with pytest.raises(ValueError, match="progress must be a fraction from 0 to 1"):
        task_context().progress(fraction)


def test_long_message_is_cut_and_half_a_character_replaced() -> None:
    assert Progress.of(0, "x" * 1000).message == "x" * LONGEST_MESSAGE
    assert Progress.of(0, "\ud800").message == "?"


def test_reports_are_written_once_a_second_at_most() -> None:
    written: list[Progress] = []
    now = 0.0
    progress = Throttled(written.append, lambda: now)
    for step in range(100):
        now = step / 20  # 5 seconds in all
        progress(step / 100, str(step))
    assert [report.message for report in written] == ["0", "20", "40", "60", "80"]


def test_get_shows_progress_until_the_task_is_completed(cloud: Cloud, api: Api, worker: MakeWorker) -> None:
    shown: list[dict[str, Any]] = []

    def work(_payload: Any, context: TaskContext) -> str:
        context.progress(0.25, "a quarter")
        shown.append(api.get(context.task_id).body)
        return "done"

    task_id = cloud.put()
    worker(work).poll()
    assert shown[0]["progress"] == {"fraction": 0.25, "message": "a quarter"}
    assert "progress" not in api.get(task_id).body


def test_failed_attempt_shows_how_far_it_came_and_the_next_begins_anew(
    cloud: Cloud, api: Api, worker: MakeWorker
) -> None:
    seen: list[Any] = []

    def work(_payload: Any, context: TaskContext) -> None:
        seen.append(api.get(context.task_id).body.get("progress"))
        context.progress(0.5)
        raise ValueError

    task_id = cloud.put()
    worker(work).poll_until_dead()
    assert seen == [None] * 3
    assert api.get(task_id).body["progress"] == {"fraction": 0.5, "message": ""}


def test_zombie_cannot_report(cloud: Cloud, clock: Clock) -> None:
    task_id = cloud.put()
    for lease in ("zombie", "heir"):
        cloud.store.claim(Delivery(task_id, "m", "r", 1, 0), lease, clock() + 1000, clock())
        clock.advance(2)
    cloud.store.note_progress(task_id, "zombie", Progress(0.9, ""), clock())
    assert cloud.task(task_id).progress is None
    cloud.store.complete(task_id, "heir", "1", clock())
    cloud.store.note_progress(task_id, "heir", Progress(0.9, ""), clock())
    assert cloud.task(task_id).progress is None


def test_report_that_cannot_be_written_does_not_fail_the_task(
    cloud: Cloud, worker: MakeWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: Any) -> None:
        raise ServiceUnavailable("down")

    monkeypatch.setattr(TaskStore, "note_progress", unreachable)
    task_id = cloud.put()
    worker(lambda _payload, context: context.progress(0.5)).poll()
    assert cloud.task(task_id).status is Status.COMPLETED
