"""What the API asks of the table and the queue, beyond what its answers show."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from support.cloud import MAX_RECEIVES, Api, Clock, Cloud, Worker, delivery
from task_runner.record.payload import fingerprint
from task_runner.record.task import Status, Task

KEY: Mapping[str, str] = {"Idempotency-Key": "order-7"}
LEASE_MS = 60_000


def fails(*_: object) -> None:
    raise ValueError


@pytest.mark.parametrize("headers", [{}, KEY])
def test_payload_is_recorded_with_its_fingerprint(cloud: Cloud, api: Api, headers: Mapping[str, str]) -> None:
    accepted = api.post('{"a": 1}', headers)
    assert cloud.task(accepted.body["taskId"]).payload_hash == fingerprint({"a": 1})


def test_replay_of_a_task_that_waits_for_its_next_try_writes_nothing(
    cloud: Cloud, api: Api, worker: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    task_id = api.post("{}", KEY).body["taskId"]
    worker(fails).poll()
    assert (cloud.task(task_id).status, cloud.task(task_id).attempts) == (Status.PENDING, 1)
    monkeypatch.setattr(cloud.store, "open_heal_window", pytest.fail)
    monkeypatch.setattr(cloud.wakeups, "send", pytest.fail)
    assert api.post("{}", KEY).body["status"] == "pending"


def test_task_that_was_claimed_while_it_was_judged_is_shown_as_it_is_then(
    cloud: Cloud, api: Api, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    task_id = cloud.put()
    cloud.store.claim(delivery(task_id, clock(), MAX_RECEIVES), "dead", clock() + 1, clock())
    clock.advance(1)
    bury = cloud.store.bury

    def overtaken(seen: Task, *verdict: Any) -> Task | None:
        cloud.store.claim(delivery(task_id, clock(), MAX_RECEIVES), "heir", clock() + LEASE_MS, clock())
        return bury(seen, *verdict)

    monkeypatch.setattr(cloud.store, "bury", overtaken)
    shown = api.get(task_id).body
    assert (shown["status"], shown["attempts"]) == ("processing", 2)
