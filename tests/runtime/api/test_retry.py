"""POST /task/{taskId}/retry: a task that has failed runs again."""

from collections.abc import Callable
from typing import Any

import pytest

from runtime.api.aws import OUTAGES, broken
from runtime.worker.given import fails
from support.cloud import Api, Clock, Cloud, Worker, delivery
from task_runner import PermanentError
from task_runner.record.store import ClaimRefused
from task_runner.record.task import Status, TaskError

ERROR = TaskError("ValueError", "no")
MakeWorker = Callable[..., Worker]


@pytest.fixture
def api(cloud: Cloud) -> Api:
    return Api(cloud, routes=["retry"])


def gives_up(*_: Any) -> None:
    raise PermanentError("never")


@pytest.fixture
def failed(cloud: Cloud, worker: MakeWorker) -> str:
    """A task that has failed for good after three tries, with its message in the dead-letter queue."""
    task_id = cloud.put({"n": 1})
    worker(fails).poll_until_dead()
    assert cloud.dead_letters() == [task_id]
    return task_id


def test_failed_task_is_pending_again_and_runs(api: Api, worker: MakeWorker, failed: str) -> None:
    answer = api.retry(failed.upper())
    assert (answer.status, answer.body["status"], answer.headers["Retry-After"]) == (200, "pending", "1")
    assert "completedAt" not in answer.body
    worker(lambda payload, _: payload).poll()
    view = api.get(failed).body
    assert (view["status"], view["result"], view["attempts"]) == ("completed", {"n": 1}, 4)
    assert [one["outcome"] for one in view["history"]] == ["failed"] * 3 + ["completed"]


def test_tries_and_waits_begin_anew(
    api: Api, cloud: Cloud, worker: MakeWorker, failed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bases: list[int] = []

    def wait(attempt: int, _base: float, _cap: float) -> int:
        bases.append(attempt)
        return 0

    monkeypatch.setattr("task_runner.worker.run.backoff", wait)
    api.retry(failed)
    worker(fails).poll_until_dead()
    assert (cloud.task(failed).status, cloud.task(failed).attempts, bases) == (Status.FAILED, 6, [1, 2])


@pytest.mark.parametrize("claimed", [False, True])
def test_task_that_has_not_ended_is_left_alone(api: Api, cloud: Cloud, claimed: bool) -> None:
    task_id = cloud.put()
    if claimed:
        cloud.store.claim(delivery(task_id), "mine", cloud.clock() + 60_000, cloud.clock())
    before = cloud.task(task_id)
    answer = api.retry(task_id)
    assert (answer.status, answer.body["code"]) == (409, "TASK_NOT_ENDED")
    assert cloud.task(task_id) == before


def test_completed_task_is_left_alone(api: Api, cloud: Cloud, worker: MakeWorker) -> None:
    task_id = cloud.put()
    worker(lambda *_: 1).poll()
    before = cloud.task(task_id)
    answer = api.retry(task_id)
    assert (answer.status, answer.body["code"]) == (409, "TASK_COMPLETED")
    assert cloud.task(task_id) == before


@pytest.mark.parametrize(
    ("task_id", "status"), [("3f1c1e58-6d5c-4e0e-9a53-0d5f6a0f7a11", 404), ("x", 400), ("", 400), ("../task", 400)]
)
def test_odd_ids_find_nothing(api: Api, task_id: str, status: int) -> None:
    assert api.retry(task_id).status == status


@pytest.mark.parametrize("body", [None, "", "{", "[1]", "\0" * 1000])
def test_body_does_not_count(api: Api, cloud: Cloud, worker: MakeWorker, body: str | None) -> None:
    task_id = cloud.put()
    worker(gives_up).poll()
    assert api.retry(task_id, body).status == 200


def test_task_whose_worker_is_gone_is_judged_first(api: Api, cloud: Cloud, clock: Clock) -> None:
    task_id = cloud.put()
    cloud.store.claim(delivery(task_id, receives=3), "dead", clock() + 60_000, clock())
    clock.advance(61)
    assert api.retry(task_id).body["status"] == "pending"
    assert [one.get("outcome") for one in cloud.task(task_id).history] == ["lost"]


def test_wake_up_that_could_not_be_sent_is_sent_by_the_next_retry(
    api: Api, cloud: Cloud, worker: MakeWorker, failed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(cloud.sqs, "send_message", broken(OUTAGES[0]))
        assert api.retry(failed).status == 503
    assert cloud.receive() == []
    assert (api.retry(failed).status, api.retry(failed).status) == (200, 200)
    worker(lambda *_: 1).poll()
    assert (api.get(failed).body["status"], api.get(failed).body["attempts"]) == ("completed", 4)
    assert api.retry(failed).status == 409


def test_replayed_post_wakes_a_retried_task_as_well(
    api: Api, cloud: Cloud, worker: MakeWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = {"Idempotency-Key": "order-7"}
    task_id = api.post("1", key).body["taskId"]
    worker(gives_up).poll()
    with monkeypatch.context() as patch:
        patch.setattr(cloud.sqs, "send_message", broken(OUTAGES[0]))
        assert api.retry(task_id).status == 503
    assert api.post("1", key).body["taskId"] == task_id
    assert len(cloud.receive()) == 1


def test_write_repeated_after_a_lost_answer_is_one_retry(
    api: Api, cloud: Cloud, failed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = cloud.dynamodb.update_item

    def twice(**parameters: Any) -> Any:
        monkeypatch.undo()
        write(**parameters)
        return write(**parameters)

    monkeypatch.setattr(cloud.dynamodb, "update_item", twice)
    assert api.retry(failed).status == 200
    assert cloud.task(failed).retried_after == 3
    assert len(cloud.receive()) == 1


def test_old_dead_letter_does_no_harm(api: Api, cloud: Cloud, worker: MakeWorker, failed: str) -> None:
    runs: list[int] = []
    api.retry(failed)
    cloud.wakeups.send(failed)  # as a redrive does
    worker(lambda *_: runs.append(1)).poll()
    worker(lambda *_: runs.append(1)).poll()
    assert (runs, cloud.task(failed).status, cloud.receive()) == ([1], Status.COMPLETED, [])


def test_wake_up_of_a_retry_is_no_redrive(api: Api, cloud: Cloud, failed: str, clock: Clock) -> None:
    """Another message may run the task, to its end, before the wake-up is sent."""
    api.retry(failed)
    cloud.store.claim(delivery(failed), "other", clock() + 60_000, clock())
    cloud.store.fail(cloud.task(failed), ERROR, clock())
    clock.advance(1)
    with pytest.raises(ClaimRefused):
        cloud.store.claim(delivery(failed, clock()), "woken", clock() + 60_000, clock())


def test_worker_that_was_slow_cannot_settle_a_retried_task(api: Api, cloud: Cloud, clock: Clock) -> None:
    task_id = cloud.put()
    slow = cloud.store.claim(delivery(task_id, receives=3), "slow", clock() + 60_000, clock()).task
    clock.advance(61)
    api.retry(task_id)
    before = cloud.task(task_id)
    assert not cloud.store.complete(slow, "1", clock())
    assert not cloud.store.release(slow, delivery(task_id, receives=3), ERROR, clock())
    assert cloud.task(task_id) == before


def test_retries_are_counted(api: Api, failed: str, capsys: pytest.CaptureFixture[str]) -> None:
    api.retry(failed)
    assert '"TasksRetried":[1.0]' in capsys.readouterr().out
