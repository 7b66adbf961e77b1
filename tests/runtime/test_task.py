import time
from typing import Any

import pytest

from task_runner.progress import Progress
from task_runner.record.rules import backoff, verdict
from task_runner.record.task import Delivery, Status, Task, TaskError, attribute, epoch_ms, iso

NOW = 1_800_000_000_123
DAY = 86_400_000


def a_task(status: Status, **changes: Any) -> Task:
    base: dict[str, Any] = {
        "payload": "{}",
        "payload_hash": "",
        "created_at": iso(NOW),
        "updated_at": iso(NOW),
        "expiration_time": 0,
    }
    return Task(task_id="t", status=status, **{**base, **changes})


def test_times_survive_the_record_and_sort_as_text() -> None:
    assert epoch_ms(iso(NOW)) == NOW
    assert iso(NOW) == "2027-01-15T08:00:00.123Z"
    assert iso(NOW) < iso(NOW + 1) < iso(NOW + 877)


def test_times_are_utc_wherever_the_clock_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert (iso(NOW), epoch_ms(iso(NOW))) == ("2027-01-15T08:00:00.123Z", NOW)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_attribute_names_are_those_of_the_record() -> None:
    assert [attribute(name) for name in ("task_id", "lease_expires_at", "expiration_time")] == [
        "taskId",
        "leaseExpiresAt",
        "expiration_time",
    ]


def test_record_survives_its_item_whole() -> None:
    task = a_task(
        Status.FAILED,
        attempts=2,
        lease="mine",
        lease_expires_at=NOW,
        error=TaskError("ValueError", "no"),
        progress=Progress(0.3333, "a third"),
    )
    item = task.to_item()
    assert Task.from_item(item) == task
    assert item["error"] == {"M": {"type": {"S": "ValueError"}, "message": {"S": "no"}}}
    assert item["progress"] == {"M": {"fraction": {"N": "0.3333"}, "message": {"S": "a third"}}}
    assert item["leaseExpiresAt"] == {"N": str(NOW)}
    assert "result" not in item, "what does not exist yet is left out"


def test_backoff_has_full_jitter_below_a_doubling_ceiling() -> None:
    waits = {attempt: [backoff(attempt, base=2, cap=60) for _ in range(400)] for attempt in (1, 4, 10, 10_000)}
    assert (min(waits[1]), max(waits[1])) == (0, 2)
    assert 12 < max(waits[4]) <= 16
    assert 50 < max(waits[10]) <= 60
    assert min(waits[10]) < 10
    assert max(waits[10_000]) <= 60


def test_last_delivery_is_the_one_that_reaches_the_redrive_count() -> None:
    delivery = Delivery("t", "m", "r", receives=3, sent_at=NOW)
    assert delivery.is_last(3)
    assert not delivery.is_last(4)


def test_error_message_is_cut_and_made_storable() -> None:
    error = TaskError.of(ValueError("x" * 5000 + "\ud800"))
    assert (error.type, len(error.message)) == ("ValueError", 1024)
    assert TaskError.of(ValueError("\ud800")).message == "?"


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.FAILED])
def test_terminal_tasks_are_never_judged(status: Status) -> None:
    assert verdict(a_task(status), NOW + 100 * DAY, 3, DAY) is None


def test_live_lease_is_never_judged() -> None:
    task = a_task(Status.PROCESSING, lease_expires_at=NOW + 60 * DAY, receives=3)
    assert verdict(task, NOW + 50 * DAY, 3, DAY) is None


def test_dead_lease_on_the_last_delivery_means_the_worker_is_lost() -> None:
    task = a_task(Status.PROCESSING, lease_expires_at=NOW, receives=3)
    judgement = verdict(task, NOW + 1, 3, DAY)
    assert judgement is not None
    assert judgement == (TaskError("WorkerLost", "the worker ended without an answer on the last try"), NOW)
    assert verdict(task, NOW, 3, DAY) is None, "a claim would still be refused in this millisecond"


def test_dead_lease_with_deliveries_left_is_retried_by_the_queue() -> None:
    assert verdict(a_task(Status.PROCESSING, lease_expires_at=NOW, receives=2), NOW + 1, 3, DAY) is None


def test_task_that_outlived_its_message_has_expired() -> None:
    task = a_task(Status.PENDING)
    assert verdict(task, NOW + DAY + 60_000, 3, DAY) is None
    judgement = verdict(task, NOW + DAY + 60_001, 3, DAY)
    told = TaskError("Expired", "no worker finished the task while the queue kept its message")
    assert judgement == (told, NOW + DAY + 60_000)
