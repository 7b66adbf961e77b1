"""Each condition of each transition refuses a write that every other condition lets through."""

from collections.abc import Callable
from contextlib import suppress
from unittest.mock import patch

import pytest

from runtime.invariants.watch import ALLOWED
from support.cloud import Cloud, delivery
from task_runner.progress import Progress
from task_runner.record.conditions import CONDITIONS
from task_runner.record.expression import Attr, Condition
from task_runner.record.store import ClaimRefused
from task_runner.record.task import Status, TaskError
from task_runner.record.transitions import NOTES, TRANSITIONS, Event, rows

ERROR = TaskError("ValueError", "no")
Write = Callable[[], object]
Scenario = Callable[[Cloud, str], Write]  # brings the record to where the condition fails, and returns the write


def claim(cloud: Cloud, task_id: str, lease: str, sent_at: int = 0) -> None:
    now = cloud.clock()
    cloud.store.claim(delivery(task_id, sent_at), lease, now + 60_000, now)


def overtake(cloud: Cloud, task_id: str) -> None:
    claim(cloud, task_id, "zombie")
    cloud.clock.advance(61)
    claim(cloud, task_id, "heir")


def reclaim_while_the_lease_lives(cloud: Cloud, task_id: str) -> Write:
    claim(cloud, task_id, "first")
    return lambda: claim(cloud, task_id, "second")


def reclaim_by_a_delivery_that_is_late(cloud: Cloud, task_id: str) -> Write:
    now = cloud.clock()
    cloud.store.claim(delivery(task_id, now, receives=3), "last", now + 60_000, now)
    cloud.clock.advance(61)
    return lambda: claim(cloud, task_id, "late", sent_at=now)


def redrive_by_a_duplicate(cloud: Cloud, task_id: str) -> Write:
    sent_at = cloud.clock()
    cloud.clock.advance(1)
    claim(cloud, task_id, "first")
    cloud.store.fail(cloud.claimed(task_id, "first"), ERROR, cloud.clock())
    return lambda: claim(cloud, task_id, "second", sent_at)


def redrive_by_a_heal(cloud: Cloud, task_id: str) -> Write:
    cloud.store.open_heal_window(cloud.task(task_id), cloud.clock())
    claim(cloud, task_id, "first")
    cloud.store.fail(cloud.claimed(task_id, "first"), ERROR, cloud.clock())
    cloud.clock.advance(1)
    return lambda: claim(cloud, task_id, "second", cloud.clock())


def complete_as_a_zombie(cloud: Cloud, task_id: str) -> Write:
    overtake(cloud, task_id)
    return lambda: cloud.store.complete(cloud.claimed(task_id, "zombie"), "1", cloud.clock())


def release_as_a_zombie(cloud: Cloud, task_id: str) -> Write:
    overtake(cloud, task_id)
    return lambda: cloud.store.release(cloud.claimed(task_id, "zombie"), delivery(task_id), ERROR, cloud.clock())


def fail_as_a_zombie(cloud: Cloud, task_id: str) -> Write:
    overtake(cloud, task_id)
    return lambda: cloud.store.fail(cloud.claimed(task_id, "zombie"), ERROR, cloud.clock())


def report_as_a_zombie(cloud: Cloud, task_id: str) -> Write:
    overtake(cloud, task_id)
    return lambda: cloud.store.note_progress(task_id, "zombie", Progress(0.5, ""), cloud.clock())


def release_after_the_last_delivery(cloud: Cloud, task_id: str) -> Write:
    claim(cloud, task_id, "mine")
    cloud.store.note_last_delivery(delivery(task_id, receives=3), cloud.clock())
    return lambda: cloud.store.release(cloud.claimed(task_id, "mine"), delivery(task_id), ERROR, cloud.clock())


def bury_a_task_that_was_claimed_again(cloud: Cloud, task_id: str) -> Write:
    claim(cloud, task_id, "dead")
    seen = cloud.task(task_id)
    cloud.clock.advance(61)
    claim(cloud, task_id, "heir")
    return lambda: cloud.store.bury(seen, TaskError("WorkerLost", ""), cloud.clock(), cloud.clock())


def bury_a_task_that_was_tried_meanwhile(cloud: Cloud, task_id: str) -> Write:
    seen = cloud.task(task_id)
    cloud.clock.advance(1)
    claim(cloud, task_id, "mine")
    cloud.store.release(cloud.claimed(task_id, "mine"), delivery(task_id), ERROR, cloud.clock())
    return lambda: cloud.store.bury(seen, TaskError("Expired", ""), cloud.clock(), cloud.clock())


def heal_between_two_attempts(cloud: Cloud, task_id: str) -> Write:
    claim(cloud, task_id, "mine")
    cloud.store.release(cloud.claimed(task_id, "mine"), delivery(task_id), ERROR, cloud.clock())
    return lambda: cloud.store.open_heal_window(cloud.task(task_id), cloud.clock())


def retry_a_task_that_was_redriven_meanwhile(cloud: Cloud, task_id: str) -> Write:
    claim(cloud, task_id, "first")
    cloud.store.fail(cloud.claimed(task_id, "first"), ERROR, cloud.clock())
    seen = cloud.task(task_id)
    cloud.clock.advance(1)
    claim(cloud, task_id, "redriven", cloud.clock())
    cloud.store.fail(cloud.claimed(task_id, "redriven"), ERROR, cloud.clock())
    return lambda: cloud.store.retry(seen, cloud.clock())


SCENARIOS: dict[tuple[Event, str], Scenario] = {
    (Event.RECLAIMED, "lease_is_past"): reclaim_while_the_lease_lives,
    (Event.RECLAIMED, "not_late"): reclaim_by_a_delivery_that_is_late,
    (Event.REDRIVEN, "sent_after_the_end"): redrive_by_a_duplicate,
    (Event.REDRIVEN, "not_a_heal"): redrive_by_a_heal,
    (Event.SUCCEEDED, "lease_is_mine"): complete_as_a_zombie,
    (Event.RELEASED, "lease_is_mine"): release_as_a_zombie,
    (Event.FAILED, "lease_is_mine"): fail_as_a_zombie,
    (Event.PROGRESSED, "lease_is_mine"): report_as_a_zombie,
    (Event.RELEASED, "not_overtaken"): release_after_the_last_delivery,
    (Event.LOST, "unchanged"): bury_a_task_that_was_claimed_again,
    (Event.EXPIRED, "unchanged"): bury_a_task_that_was_tried_meanwhile,
    (Event.RETRIED, "unchanged"): retry_a_task_that_was_redriven_meanwhile,
    (Event.HEALED, "unclaimed"): heal_between_two_attempts,
}
each_condition = pytest.mark.parametrize(
    ("name", "scenario"),
    [(name, scenario) for (_, name), scenario in SCENARIOS.items()],
    ids=[f"{event.name}-{name}" for event, name in SCENARIOS],
)


def always(**_: object) -> Condition:
    return Attr("taskId").exists()


@each_condition
def test_condition_refuses_what_must_not_be_written(cloud: Cloud, name: str, scenario: Scenario) -> None:
    assert name in CONDITIONS
    task_id = cloud.put()
    write = scenario(cloud, task_id)
    before = cloud.task(task_id)
    with suppress(ClaimRefused):
        write()
    assert cloud.task(task_id) == before


@each_condition
def test_without_the_condition_it_would_be_written(cloud: Cloud, name: str, scenario: Scenario) -> None:
    task_id = cloud.put()
    write = scenario(cloud, task_id)
    before = cloud.task(task_id)
    with patch.dict(CONDITIONS, {name: always}):
        write()
    assert cloud.task(task_id) != before


def test_every_condition_of_the_table_is_tried() -> None:
    named = {(row.event, name) for row in (*TRANSITIONS, *NOTES) for name in row.conditions}
    assert named == set(SCENARIOS)
    assert {name for _, name in named} == set(CONDITIONS)


def test_every_event_is_in_the_table_and_leads_to_one_status() -> None:
    for event in Event:
        assert len({row.target for row in rows(event)}) == 1


def test_only_a_redrive_and_a_retry_leave_a_terminal_status() -> None:
    leaving = [row.event for row in (*TRANSITIONS, *NOTES) if row.source and row.source.terminal]
    assert leaving == [Event.REDRIVEN, Event.RETRIED]


def test_invariants_allow_these_steps_and_no_other() -> None:
    steps = {
        None: {Status.PENDING},
        Status.PENDING: {Status.PENDING, Status.PROCESSING, Status.FAILED},
        Status.PROCESSING: {Status.PENDING, Status.PROCESSING, Status.COMPLETED, Status.FAILED},
        Status.COMPLETED: set(),
        Status.FAILED: {Status.PROCESSING, Status.PENDING},
    }
    assert steps == ALLOWED


def test_message_sent_after_the_lease_ended_reclaims_however_seldom_it_came(cloud: Cloud) -> None:
    task_id = cloud.put()
    now = cloud.clock()
    cloud.store.claim(delivery(task_id, now, receives=3), "last", now + 60_000, now)
    cloud.clock.advance(61)
    claim(cloud, task_id, "redriven", sent_at=cloud.clock())
    assert cloud.task(task_id).lease == "redriven"


def test_note_leaves_the_status_as_it_is() -> None:
    assert all(row.source is row.target for row in NOTES)
