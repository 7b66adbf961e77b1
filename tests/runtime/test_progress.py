import json
import logging
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from support.cloud import Api, Clock, Cloud, Worker, delivery
from task_runner import TaskContext
from task_runner.errors import ServiceUnavailable
from task_runner.progress import LONGEST_MESSAGE, Progress, Throttled
from task_runner.record.store import TaskStore
from task_runner.record.task import Status
from task_runner.telemetry import logger
from task_runner.testing import task_context

MakeWorker = Callable[..., Worker]


WARNING = "progress takes a number from 0 to 1: "
HUGE = 10**400  # a number, and yet no float
OF_NO_USE = [float("nan"), float("inf"), Decimal("sNaN"), HUGE, "0.5", None, {"secret": 7}]


@pytest.mark.parametrize(("fraction", "shown"), [(-0.1, 0), (1.33, 1), (Decimal("0.25"), 0.25), (1, 1), (True, 1)])
def test_fraction_is_brought_between_0_and_1(fraction: Any, shown: float) -> None:
    reports: list[Progress] = []
    task_context(reports=reports).progress(fraction, "so far")
    assert reports == [Progress(shown, "so far")]


@pytest.mark.parametrize("fraction", OF_NO_USE, ids=lambda value: type(value).__name__)
def test_report_of_what_is_no_number_is_left_out(fraction: Any, caplog: pytest.LogCaptureFixture) -> None:
    reports: list[Progress] = []
    task_context(reports=reports).progress(fraction, "so far")
    assert reports == []
    told = f"{WARNING}a report with a {type(fraction).__name__} was left out"
    assert caplog.record_tuples == [("task", logging.WARNING, told)]


def test_only_the_first_such_report_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    progress = task_context().progress
    progress(0.5)
    assert caplog.messages == []
    for fraction in (1.33, 1.5, float("nan"), -1):
        progress(fraction)
    assert caplog.messages == [WARNING + "it is shown as 1"]


def test_worker_warns_once_in_each_attempt_and_names_the_task(
    cloud: Cloud, worker: MakeWorker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(_payload: Any, context: TaskContext) -> None:
        context.progress(1.33)
        context.progress(1.4)
        if context.attempt == 1:
            raise ValueError

    monkeypatch.setattr(logger.handlers[0], "stream", sys.stdout)
    task_id = cloud.put()
    worker(work).poll_until_dead()
    assert cloud.task(task_id).status is Status.COMPLETED
    lines = [line for line in map(json.loads, capsys.readouterr().out.splitlines()) if "message" in line]
    warned = [line for line in lines if line["message"] == WARNING + "it is shown as 1"]
    assert [(line["level"], line["task_id"]) for line in warned] == [("WARNING", task_id)] * 2


def test_long_message_is_cut_and_half_a_character_replaced() -> None:
    assert Progress.of(0, "x" * 1000).message == "x" * LONGEST_MESSAGE
    assert Progress.of(0, "\ud800").message == "?"


def test_reports_are_written_once_a_second_at_most() -> None:
    written: list[Progress] = []
    now = 0.0
    progress = Throttled(written.append, lambda: now)
    for step in range(100):
        now = step / 20  # 5 seconds in all
        progress(Progress(step / 100, str(step)))
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
        cloud.store.claim(delivery(task_id), lease, clock() + 1000, clock())
        clock.advance(2)
    cloud.store.note_progress(task_id, "zombie", Progress(0.9, ""), clock())
    assert cloud.task(task_id).progress is None
    cloud.store.complete(cloud.claimed(task_id, "heir"), "1", clock())
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
