from unittest.mock import Mock

import pytest

from support.cloud import TTL_SECONDS, Clock, Cloud, delivery
from task_runner.errors import ServiceUnavailable
from task_runner.progress import Progress
from task_runner.record.conditions import unchanged
from task_runner.record.store import AlreadyExists, ClaimRefused, TaskStore
from task_runner.record.task import Claim, Status, TaskError, iso

ERROR = TaskError("ValueError", "no")


@pytest.fixture
def task_id(cloud: Cloud) -> str:
    return cloud.put({"n": 1})


def claim(cloud: Cloud, task_id: str, lease: str = "mine", sent_at: int = 0, seconds: int = 60) -> Claim:
    now = cloud.clock()
    return cloud.store.claim(delivery(task_id, sent_at), lease, now + seconds * 1000, now)


def settled(cloud: Cloud, how: str, task_id: str, lease: str) -> bool:
    if how == "complete":
        return cloud.store.complete(cloud.claimed(task_id, lease), "1", cloud.clock())
    if how == "fail":
        return cloud.store.fail(cloud.claimed(task_id, lease), ERROR, cloud.clock())
    return cloud.store.release(cloud.claimed(task_id, lease), delivery(task_id, 0), ERROR, cloud.clock())


def test_created_task_is_pending_and_expires_with_the_ttl(cloud: Cloud, task_id: str, clock: Clock) -> None:
    task = cloud.task(task_id)
    assert (task.status, task.attempts, task.payload) == (Status.PENDING, 0, '{"n": 1}')
    assert abs(task.expiration_time - clock() / 1000 - TTL_SECONDS) < 5


def test_second_record_of_one_id_is_refused_with_the_first(cloud: Cloud, task_id: str) -> None:
    with pytest.raises(AlreadyExists) as refusal:
        cloud.store.create(task_id, "2", "other", cloud.clock())
    assert refusal.value.existing == cloud.task(task_id)


def test_record_past_its_expiration_time_is_unknown(cloud: Cloud, task_id: str, clock: Clock) -> None:
    clock.advance(TTL_SECONDS + 5)
    assert cloud.store.get(task_id, clock()) is None


def test_claim_counts_the_attempt_and_returns_the_whole_record(cloud: Cloud, task_id: str) -> None:
    now = cloud.clock()
    claimed = cloud.store.claim(delivery(task_id, now, receives=2), "mine", now + 1000, now)
    task = claimed.task
    assert task == cloud.task(task_id)
    assert not claimed.interrupted
    assert (task.status, task.attempts, task.receives, task.lease) == (Status.PROCESSING, 1, 2, "mine")
    assert (task.lease_expires_at, task.started_at) == (now + 1000, iso(now))


def test_live_lease_refuses_a_claim_and_shows_why(cloud: Cloud, task_id: str) -> None:
    claim(cloud, task_id)
    with pytest.raises(ClaimRefused) as refusal:
        claim(cloud, task_id, "other")
    assert refusal.value.existing == cloud.task(task_id)


def test_dead_lease_is_reclaimed(cloud: Cloud, task_id: str, clock: Clock) -> None:
    claim(cloud, task_id)
    clock.advance(61)
    claimed = claim(cloud, task_id, "other")
    assert claimed.interrupted
    assert claimed.task == cloud.task(task_id)
    assert (claimed.task.lease, claimed.task.attempts) == ("other", 2)


def test_task_that_was_lost_once_stays_suspect(cloud: Cloud, task_id: str) -> None:
    claim(cloud, task_id)
    cloud.store.release(
        cloud.claimed(task_id, "mine"), delivery(task_id, 0), TaskError("WorkerLost", ""), cloud.clock()
    )
    assert claim(cloud, task_id, "other").interrupted


def test_claim_repeated_after_a_lost_answer_knows_itself(cloud: Cloud, task_id: str) -> None:
    claim(cloud, task_id)
    claim(cloud, task_id)
    assert cloud.task(task_id).attempts == 1


def test_claim_of_an_unknown_task_is_refused_without_a_record(cloud: Cloud) -> None:
    with pytest.raises(ClaimRefused) as refusal:
        claim(cloud, "00000000-0000-0000-0000-000000000000")
    assert refusal.value.existing is None
    assert cloud.store.get("00000000-0000-0000-0000-000000000000", 0) is None


def test_completed_task_keeps_its_result_and_is_never_claimed_again(cloud: Cloud, task_id: str, clock: Clock) -> None:
    claim(cloud, task_id)
    assert cloud.store.complete(cloud.claimed(task_id, "mine"), '{"ok":1}', clock())
    clock.advance(3600)
    with pytest.raises(ClaimRefused):
        claim(cloud, task_id, "other", sent_at=clock())
    task = cloud.task(task_id)
    assert (task.status, task.result, task.lease_expires_at) == (Status.COMPLETED, '{"ok":1}', None)


@pytest.mark.parametrize("settle", ["complete", "release", "fail"])
def test_zombie_whose_lease_was_taken_writes_nothing(cloud: Cloud, task_id: str, clock: Clock, settle: str) -> None:
    claim(cloud, task_id, "zombie")
    clock.advance(61)
    claim(cloud, task_id, "heir")
    before = cloud.task(task_id)
    assert not settled(cloud, settle, task_id, "zombie")
    assert cloud.task(task_id) == before


@pytest.mark.parametrize("settle", ["complete", "release", "fail"])
def test_settling_repeated_after_a_lost_answer_knows_itself(cloud: Cloud, task_id: str, settle: str) -> None:
    claim(cloud, task_id)
    assert settled(cloud, settle, task_id, "mine")
    assert settled(cloud, settle, task_id, "mine")


def test_released_task_is_pending_with_its_error_and_claimed_again(cloud: Cloud, task_id: str) -> None:
    claim(cloud, task_id)
    settled(cloud, "release", task_id, "mine")
    assert (cloud.task(task_id).status, cloud.task(task_id).error) == (Status.PENDING, ERROR)
    claim(cloud, task_id, "other")
    assert cloud.task(task_id).attempts == 2


def test_task_whose_message_came_for_the_last_time_meanwhile_is_not_released(cloud: Cloud, task_id: str) -> None:
    claim(cloud, task_id)
    cloud.store.note_last_delivery(delivery(task_id, 0, receives=3), cloud.clock())
    assert cloud.task(task_id).receives == 3
    assert not settled(cloud, "release", task_id, "mine")
    assert settled(cloud, "fail", task_id, "mine")
    assert cloud.task(task_id).lease_expires_at is None


def test_last_delivery_of_a_task_that_runs_no_more_is_not_noted(cloud: Cloud, task_id: str) -> None:
    before = cloud.task(task_id)
    cloud.store.note_last_delivery(delivery(task_id, 0, receives=3), cloud.clock())
    assert cloud.task(task_id) == before


def test_success_clears_the_error_of_earlier_attempts(cloud: Cloud, task_id: str) -> None:
    claim(cloud, task_id)
    settled(cloud, "release", task_id, "mine")
    claim(cloud, task_id, "other")
    cloud.store.complete(cloud.claimed(task_id, "other"), "1", cloud.clock())
    assert cloud.task(task_id).error is None


def test_failed_task_runs_again_only_for_a_message_sent_later(cloud: Cloud, task_id: str, clock: Clock) -> None:
    claim(cloud, task_id)
    cloud.store.fail(cloud.claimed(task_id, "mine"), ERROR, clock())
    with pytest.raises(ClaimRefused):
        claim(cloud, task_id, "duplicate", sent_at=clock() - 60_000)
    clock.advance(1)
    assert not claim(cloud, task_id, "redriven", sent_at=clock()).interrupted
    assert (cloud.task(task_id).status, cloud.task(task_id).completed_at) == (Status.PROCESSING, None)


def test_wake_up_of_a_replayed_post_cannot_revive_a_failed_task(cloud: Cloud, task_id: str, clock: Clock) -> None:
    assert cloud.store.open_heal_window(cloud.task(task_id), clock())
    claim(cloud, task_id)
    cloud.store.fail(cloud.claimed(task_id, "mine"), ERROR, clock())
    clock.advance(1)
    with pytest.raises(ClaimRefused):
        claim(cloud, task_id, "healed", sent_at=clock())
    clock.advance(31)
    claim(cloud, task_id, "redriven", sent_at=clock())


def test_heal_window_opens_only_before_the_first_attempt(cloud: Cloud, task_id: str) -> None:
    claim(cloud, task_id)
    assert not cloud.store.open_heal_window(cloud.task(task_id), cloud.clock())


def test_verdict_is_written_once_and_only_on_what_was_seen(cloud: Cloud, task_id: str, clock: Clock) -> None:
    claim(cloud, task_id)
    seen = cloud.task(task_id)
    clock.advance(61)
    buried = cloud.store.bury(seen, ERROR, clock(), clock())
    assert buried == cloud.task(task_id)
    assert buried.status is Status.FAILED
    assert cloud.store.bury(seen, ERROR, clock(), clock()) is None


def test_verdict_ends_the_task_when_its_worker_was_lost(cloud: Cloud, task_id: str, clock: Clock) -> None:
    claim(cloud, task_id)
    lost_at = clock() + 60_000
    clock.advance(600)
    cloud.store.bury(cloud.task(task_id), ERROR, lost_at, clock())
    task = cloud.task(task_id)
    assert (task.completed_at, task.error, task.lease_expires_at) == (iso(lost_at), ERROR, None)
    claim(cloud, task_id, "redriven", sent_at=lost_at + 1)


def test_verdict_on_a_task_that_never_ran_needs_it_unclaimed(cloud: Cloud) -> None:
    task_id, now = "3f1c1e58-6d5c-4e0e-9a53-0d5f6a0f7a11", cloud.clock()
    seen = cloud.store.create(task_id, "1", "", now)
    no_lease = unchanged(seen=seen).guarding({})["ConditionExpression"]
    assert no_lease == "((#status = :if0 AND #updatedAt = :if1) AND attribute_not_exists(#lease))"
    cloud.store.claim(delivery(task_id, 0), "mine", now + 1, now)
    cloud.store.release(cloud.claimed(task_id, "mine"), delivery(task_id, 0), ERROR, now)
    tried = cloud.task(task_id)
    assert (tried.status, tried.updated_at) == (seen.status, seen.updated_at)
    assert cloud.store.bury(seen, ERROR, now, now) is None
    assert cloud.store.bury(tried, ERROR, now, now) == cloud.task(task_id)


def test_verdict_knows_a_record_by_its_lease_within_one_millisecond(cloud: Cloud, task_id: str) -> None:
    now = cloud.clock()
    cloud.store.claim(delivery(task_id, 0), "dead", now - 1, now)
    seen = cloud.task(task_id)
    cloud.store.claim(delivery(task_id, 0), "heir", now - 1, now)
    assert cloud.task(task_id).updated_at == seen.updated_at
    assert cloud.store.bury(seen, ERROR, now, now) is None
    assert cloud.task(task_id).lease == "heir"


def test_verdict_spares_a_worker_that_still_reports(cloud: Cloud, task_id: str, clock: Clock) -> None:
    claim(cloud, task_id)
    seen = cloud.task(task_id)
    clock.advance(61)
    cloud.store.note_progress(task_id, "mine", Progress(0.5, ""), clock())
    assert cloud.store.bury(seen, ERROR, clock(), clock()) is None
    assert cloud.task(task_id).status is Status.PROCESSING


def test_record_is_read_strongly_consistent(
    cloud: Cloud, task_id: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    get_item = Mock(side_effect=cloud.dynamodb.get_item)
    monkeypatch.setattr(cloud.dynamodb, "get_item", get_item)
    assert cloud.store.get(task_id, clock()) is not None
    get_item.assert_called_once_with(TableName="tasks", Key={"taskId": {"S": task_id}}, ConsistentRead=True)


def test_missing_table_is_an_outage(cloud: Cloud) -> None:
    store = TaskStore(cloud.dynamodb, "elsewhere", TTL_SECONDS)
    with pytest.raises(ServiceUnavailable, match="ResourceNotFoundException"):
        store.get("t", 0)
