"""What GET tells of a task's attempts."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from support.cloud import Api, Clock, Cloud, Worker, delivery
from support.item_size import item_size
from task_runner import RetryLater, TaskContext
from task_runner.api.body import LARGEST_BODY
from task_runner.errors import TimedOut, WorkerLost
from task_runner.progress import LONGEST_MESSAGE, Progress
from task_runner.record.history import AttemptOutcome, History, begun, ended, outcome_of, shown
from task_runner.record.task import Status, Task, TaskError, iso
from task_runner.worker.result import _LARGEST_RECORD

TASK_ID = "3f1c1e58-6d5c-4e0e-9a53-0d5f6a0f7a11"
MakeWorker = Callable[..., Worker]


def fails(_payload: Any, context: TaskContext) -> None:
    raise ValueError(f"no luck {context.attempt}")


def run(worker: Worker, cloud: Cloud) -> None:
    """Let a worker take what is there, and make what it keeps visible again."""
    records = cloud.receive()
    kept = worker.handle(records)
    cloud.show([record for record in records if record["messageId"] in kept])


def history(api: Api, task_id: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = api.get(task_id).body.get("history", [])
    return told


def lose(cloud: Cloud, task_id: str, **sent: int) -> None:
    """Claim a task for a worker that dies."""
    cloud.store.claim(delivery(task_id, **sent), "dead", cloud.clock() + 60_000, cloud.clock())
    cloud.clock.advance(61)


def test_each_attempt_is_told_with_how_it_ended(api: Api, cloud: Cloud, worker: MakeWorker) -> None:
    task_id = cloud.put()
    run(worker(fails), cloud)
    run(worker(lambda *_: 1), cloud)
    first, second = history(api, task_id)
    assert (first["number"], first["outcome"]) == (1, "failed")
    assert first["error"] == {"type": "ValueError", "message": "no luck 1"}
    assert first["startedAt"] <= first["endedAt"] <= second["startedAt"] <= second["endedAt"]
    assert (second["number"], second["outcome"], "error" in second) == (2, "completed", False)


def test_task_that_never_ran_has_no_history(api: Api, cloud: Cloud) -> None:
    assert "history" not in api.get(cloud.put()).body


def test_attempt_under_way_is_not_told_yet(api: Api, cloud: Cloud, worker: MakeWorker) -> None:
    seen = []
    task_id = cloud.put()
    run(worker(fails), cloud)
    run(worker(lambda *_: seen.append(history(api, task_id))), cloud)
    assert [[one["number"] for one in told] for told in seen] == [[1]]


def test_lost_attempt_is_told_once_the_next_one_begins(api: Api, cloud: Cloud, clock: Clock) -> None:
    task_id = cloud.put()
    lease_end = clock() + 60_000
    lose(cloud, task_id)
    assert history(api, task_id) == []
    lose(cloud, task_id)
    (lost,) = history(api, task_id)
    assert (lost["number"], lost["outcome"], "error" in lost) == (1, "lost", False)
    assert iso(lease_end) <= lost["endedAt"] <= iso(lease_end + 1000)


def test_lost_attempt_is_told_with_the_verdict(api: Api, cloud: Cloud) -> None:
    task_id = cloud.put()
    lose(cloud, task_id, receives=3)
    answer = api.get(task_id).body
    assert (answer["status"], answer["history"][-1]["outcome"]) == ("failed", "lost")
    assert answer["history"][-1]["endedAt"] == answer["completedAt"]


def test_attempts_lost_in_a_row_are_all_told(api: Api, cloud: Cloud, worker: MakeWorker) -> None:
    task_id = cloud.put()
    for _ in range(4):
        lose(cloud, task_id)
    run(worker(lambda *_: 1), cloud)
    assert [(one["number"], one["outcome"]) for one in history(api, task_id)] == [
        *((number, "lost") for number in (1, 2, 3, 4)),
        (5, "completed"),
    ]


def test_last_ten_stay_with_their_numbers(api: Api, cloud: Cloud, worker: MakeWorker) -> None:
    task_id = cloud.put()
    for _ in range(12):
        lose(cloud, task_id)
    assert [one["number"] for one in history(api, task_id)] == [*range(2, 12)]
    run(worker(lambda *_: 1), cloud)
    assert [one["number"] for one in history(api, task_id)] == [*range(4, 14)]
    assert len(cloud.task(task_id).history) == 10, "what is shown no more is kept no more"


def test_record_of_an_earlier_version_tells_what_it_knows() -> None:
    old = begun("a", "b")
    assert [one["number"] for one in shown((old,), 7, running=False)] == [7]
    assert shown((), 7, running=False) == []


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (ValueError(), AttemptOutcome.FAILED),
        (RetryLater(5), AttemptOutcome.RETRY_LATER),
        (TimedOut(), AttemptOutcome.TIMED_OUT),
        (WorkerLost(), AttemptOutcome.LOST),
    ],
)
def test_outcome_follows_the_error(error: BaseException, outcome: AttemptOutcome) -> None:
    assert outcome_of(error) is outcome


def test_worker_tells_more_than_a_failure(api: Api, cloud: Cloud, worker: MakeWorker) -> None:
    def later(*_: Any) -> None:
        raise RetryLater(0, "not yet")

    task_id = cloud.put()
    run(worker(later), cloud)
    assert history(api, task_id)[0]["outcome"] == "retry later"
    run(worker(lambda *_: time.sleep(1), timeout=1), cloud)
    assert [one["outcome"] for one in history(api, task_id)] == ["retry later", "timed out"]


def test_message_is_cut() -> None:
    (mine,) = ended((begun("a", "b"),), AttemptOutcome.FAILED, "c", TaskError("T" * 500, "m" * 500))
    assert (len(mine["error"]["type"]), len(mine["error"]["message"])) == (100, 200)


def test_longest_history_fits_beside_the_largest_result() -> None:
    smile, largest = "\N{GRINNING FACE}", 400 * 1024  # four bytes; DynamoDB's limit for an item
    error = TaskError("\u00c4" * 100, smile * 1024)
    history: History = ()
    for _ in range(11):
        history = ended((*history, begun(iso(0), iso(0))), AttemptOutcome.RETRY_LATER, iso(0), error)
    task = Task(TASK_ID, Status.COMPLETED, "x" * _LARGEST_RECORD, "h" * 64, iso(0), iso(0), 4_102_444_800, 999, 999)
    moments: dict[str, Any] = {
        "started_at": iso(0),
        "completed_at": iso(0),
        "heal_until": 4_102_444_800_000,
        "lease": "x" * 50,
    }
    assert item_size(replace(task, history=history, **moments).to_item()) < largest
    failed = replace(task, payload="x" * LARGEST_BODY, error=error, progress=Progress(0.3333, smile * LONGEST_MESSAGE))
    assert item_size(replace(failed, history=history, **moments).to_item()) < largest
