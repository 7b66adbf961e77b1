"""What an invocation of the worker counts, in the very document that CloudWatch reads."""

from collections.abc import Callable
from typing import Any

import pytest

from support.cloud import MAX_RECEIVES, Clock, Cloud, LambdaContext, Worker, delivery
from support.emf import document, metrics_in
from task_runner import PermanentError, TaskContext
from task_runner.errors import ServiceUnavailable
from task_runner.telemetry import count, flush_metrics

MakeWorker = Callable[..., Worker]
HOUR = 3_600_000


def work(payload: Any, _context: TaskContext) -> None:
    if payload == "fails":
        raise ValueError
    if payload == "never":
        raise PermanentError


def last_delivery(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for record in records:
        record["attributes"]["ApproximateReceiveCount"] = str(MAX_RECEIVES)
    return records


def written(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return metrics_in(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("payload", "counted"),
    [("good", "TasksCompleted"), ("never", "TasksFailed"), ("fails", "AttemptsFailed")],
)
def test_end_of_an_attempt_is_counted(
    cloud: Cloud, worker: MakeWorker, capsys: pytest.CaptureFixture[str], payload: str, counted: str
) -> None:
    cloud.put(payload)
    worker(work).poll()
    assert written(capsys) == [document("unit", {counted: 1})]


def test_last_failure_is_counted_as_a_failed_task(
    cloud: Cloud, worker: MakeWorker, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.put("fails")
    worker(work).handle(last_delivery(cloud.receive()))
    assert written(capsys) == [document("unit", {"TasksFailed": 1})]


def test_duplicates_are_counted_as_dropped_or_deferred(
    cloud: Cloud, worker: MakeWorker, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    task_id = cloud.put("good")
    cloud.store.claim(delivery(task_id), "other", clock() + HOUR, clock())
    records = cloud.receive()
    worker(work).handler({"Records": records}, LambdaContext(30))
    cloud.store.complete(cloud.claimed(task_id, "other"), "1", clock())
    worker(work).handler({"Records": records}, LambdaContext(30))
    assert written(capsys) == [document("unit", {"WakeupsDeferred": 1}), document("unit", {"WakeupsDropped": 1})]


def test_outage_is_counted_as_deferred(
    cloud: Cloud, worker: MakeWorker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: Any) -> None:
        raise ServiceUnavailable("down")

    cloud.put()
    monkeypatch.setattr(cloud.store, "claim", unreachable)
    worker(work).poll()
    assert written(capsys) == [document("unit", {"WakeupsDeferred": 1})]


def test_batch_is_counted_in_one_document(cloud: Cloud, worker: MakeWorker, capsys: pytest.CaptureFixture[str]) -> None:
    for payload in ("good", "good", "never", "fails"):
        cloud.put(payload)
    worker(work).poll()
    (told,) = written(capsys)
    assert {name: told[name] for name in told if name != "_aws"} == {
        "service": "unit",
        "TasksCompleted": [1.0, 1.0],
        "TasksFailed": [1.0],
        "AttemptsFailed": [1.0],
    }


def test_foreign_message_counts_nothing(cloud: Cloud, worker: MakeWorker, capsys: pytest.CaptureFixture[str]) -> None:
    cloud.put()
    records = [{**record, "body": "hello"} for record in cloud.receive()]
    worker(work).handle(records)
    assert capsys.readouterr().out == ""


def test_one_document_holds_no_more_values_than_cloudwatch_reads(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(250):
        count("TasksCompleted")
    flush_metrics()
    assert written(capsys) == [document("unit", {"TasksCompleted": number}) for number in (100, 100, 50)]
