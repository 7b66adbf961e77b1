"""The status table. One method is one conditional write (or one read), so no interleaving can break a record.

Which status a write may meet, on what condition, and which one it leaves, is what `transitions` says of its events. The
old record comes back with a refused condition (DynamoDB's ReturnValuesOnConditionCheckFailure), so a refusal is
understood without a second round trip.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from task_runner.errors import ServiceUnavailable, TaskRunnerError, WorkerLost
from task_runner.progress import Progress
from task_runner.record.attribute_values import stored
from task_runner.record.change import Change
from task_runner.record.conditions import allowed
from task_runner.record.expression import Condition
from task_runner.record.history import AttemptOutcome, begun, ended
from task_runner.record.task import Claim, Delivery, Status, Task, TaskError, iso
from task_runner.record.transitions import Event, rows

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_HEAL_WINDOW_MS = 30_000
"""Longer than API Gateway lets an integration run (29 s), so a wake-up of a replayed POST is sent within it."""


class Refused(TaskRunnerError):
    """A write's condition did not hold; `existing` is the record that it met, or None where there was none."""

    def __init__(self, existing: Task | None) -> None:
        super().__init__()
        self.existing = existing


class AlreadyExists(Refused):
    """The task is on record already."""

    existing: Task


class ClaimRefused(Refused):
    """The task may not run now."""


class TaskStore:
    """Reads and writes task records.

    Every method raises `ServiceUnavailable` where DynamoDB cannot be reached, throttles or refuses.

    Args:
        client: of botocore or boto3, which are thread-safe.
        table_name: the table.
        record_ttl_seconds: how long a record outlives its last change.
    """

    def __init__(self, client: "DynamoDBClient", table_name: str, record_ttl_seconds: int) -> None:
        self._client = client
        self._table_name = table_name
        self._ttl = record_ttl_seconds

    def create(self, task_id: str, payload: str, payload_hash: str, now: int) -> Task:
        """Accepted: none -> pending.

        Raises:
            AlreadyExists: a record has this id. It may be this very write, repeated by the SDK after a lost answer.
        """
        moment, expiry = iso(now), self._expiry(now)
        task = Task(task_id, Status.PENDING, payload, payload_hash, moment, moment, expiry)
        try:
            self._call("put_item", allowed(rows(Event.ACCEPTED)), Item=task.to_item())
        except Refused as refusal:
            if refusal.existing is None:
                raise ServiceUnavailable("the table refused the record without showing the one it has") from None
            raise AlreadyExists(refusal.existing) from None
        return task

    def get(self, task_id: str, now: int) -> Task | None:
        """Read a record, strongly consistent; None where it is unknown or past its expiration time.

        DynamoDB deletes an expired item within days, not at once, so the time is checked here (developer guide, TTL).
        """
        item = self._call("get_item", Key={"taskId": stored(task_id)}, ConsistentRead=True).get("Item")
        task = Task.from_item(item) if item else None
        return task if task and task.expiration_time * 1000 > now else None

    def claim(self, delivery: Delivery, lease: str, lease_expires_at: int, now: int) -> Claim:
        """Claimed, reclaimed or redriven: -> processing, one more attempt, the lease is `lease`.

        Raises:
            ClaimRefused: the task may not run now, or there is no such task.
        """
        change = self._change(
            *(Event.CLAIMED, Event.RECLAIMED, Event.REDRIVEN),
            now=now,
            begun=begun(iso(now), iso(lease_expires_at)),
            lease=lease,
            lease_expires_at=lease_expires_at,
            receives=delivery.receives,
            started_at=iso(now),
            completed_at=None,
            progress=None,
        )
        try:
            before = self._update(delivery.task_id, change, returns="ALL_OLD", now=now, delivery=delivery)
        except Refused as refusal:
            if refusal.existing and refusal.existing.lease == lease:
                # This very write, repeated by the SDK after a lost answer; what was before is not known any more.
                return Claim(refusal.existing, interrupted=refusal.existing.attempts > 1)
            raise ClaimRefused(refusal.existing) from None
        lost_before = before.error is not None and before.error.type == WorkerLost.__name__
        return Claim(change.applied_to(before), interrupted=before.status is Status.PROCESSING or lost_before)

    def note_last_delivery(self, delivery: Delivery, now: int) -> None:
        """Keep in a running task's record that the message will not come again; nothing where it runs no more."""
        change = self._change(Event.DELIVERED_LAST, now=now, receives=delivery.receives)
        with suppress(Refused):
            self._write(delivery.task_id, change)

    def note_progress(self, task_id: str, lease: str, progress: Progress, now: int) -> None:
        """Keep how far the attempt has come; nothing where the lease is not ours any more."""
        change = self._change(Event.PROGRESSED, now=now, progress=progress)
        with suppress(Refused):
            self._write(task_id, change, lease=lease)

    def complete(self, mine: Task, result: str, now: int) -> bool:
        """Succeeded: processing -> completed; False where the lease is not that of the claim any more."""
        change = self._change(
            Event.SUCCEEDED,
            now=now,
            result=result,
            completed_at=iso(now),
            error=None,
            progress=None,
            lease_expires_at=None,
            history=ended(mine.history, AttemptOutcome.COMPLETED, iso(now)),
        )
        return self._settle(mine, change)

    def release(
        self,
        mine: Task,
        delivery: Delivery,
        error: TaskError,
        now: int,
        outcome: AttemptOutcome = AttemptOutcome.FAILED,
    ) -> bool:
        """Attempt failed with tries left: processing -> pending.

        False where the lease is not that of the claim any more, or where the message has come again meanwhile, for the
        last time.
        """
        history = ended(mine.history, outcome, iso(now), error)
        change = self._change(Event.RELEASED, now=now, error=error, lease_expires_at=None, history=history)
        return self._settle(mine, change, delivery=delivery)

    def fail(self, mine: Task, error: TaskError, now: int, outcome: AttemptOutcome = AttemptOutcome.FAILED) -> bool:
        """Failed for good: processing -> failed; False where the lease is not that of the claim any more."""
        change = self._change(
            Event.FAILED,
            now=now,
            error=error,
            completed_at=iso(now),
            lease_expires_at=None,
            history=ended(mine.history, outcome, iso(now), error),
        )
        return self._settle(mine, change)

    def bury(self, seen: Task, error: TaskError, ended_at: int, now: int) -> Task | None:
        """Write the verdict on a task whose worker is gone, unless it changed since it was `seen`; None if it did."""
        events = (Event.LOST, Event.EXPIRED)
        change = self._change(*events, now=now, error=error, completed_at=iso(ended_at), lease_expires_at=None)
        try:
            return self._update(seen.task_id, change, seen=seen)
        except Refused:
            return None

    def retry(self, seen: Task, now: int) -> Task | None:
        """Retried: failed -> pending, unless it changed since it was `seen`; None if it did.

        The wake-up is announced with it: it must not revive the task, should another message have run it by then.
        """
        change = self._change(
            Event.RETRIED,
            now=now,
            retried_after=seen.attempts,
            heal_until=now + _HEAL_WINDOW_MS,
            completed_at=None,
            lease=None,
        )
        try:
            return self._update(seen.task_id, change, seen=seen)
        except Refused:
            return None

    def open_heal_window(self, seen: Task, now: int) -> bool:
        """Announce one more wake-up for a task that no worker has seen yet; False where one has."""
        change = self._change(Event.HEALED, now=now, heal_until=now + _HEAL_WINDOW_MS)
        try:
            self._write(seen.task_id, change, seen=seen)
        except Refused:
            return False
        return True

    def _settle(self, mine: Task, change: Change, **known: Any) -> bool:
        try:
            self._write(mine.task_id, change, lease=mine.lease, **known)
        except Refused as refusal:
            # The lease stays in a settled record, so a write repeated after a lost answer knows itself.
            existing = refusal.existing
            return existing is not None and existing.lease == mine.lease and existing.status is change.target
        return True

    def _change(self, *events: Event, now: int, **fields: Any) -> Change:
        return Change(*events, **fields, updated_at=iso(now), expiration_time=self._expiry(now))

    def _update(self, task_id: str, change: Change, returns: str = "ALL_NEW", **known: Any) -> Task:
        return Task.from_item(self._write(task_id, change, returns, **known)["Attributes"])

    def _write(self, task_id: str, change: Change, returns: str = "NONE", **known: Any) -> Mapping[str, Any]:
        """Update the record; by default nothing of it comes back: with a large payload that would take its time."""
        return self._call(
            "update_item",
            change.condition(**known),
            Key={"taskId": stored(task_id)},
            ReturnValues=returns,
            **change.expression(),
        )

    def _call(self, operation: str, condition: Condition | None = None, **parameters: Any) -> Mapping[str, Any]:
        if condition is not None:
            parameters = {**condition.guarding(parameters), "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
        try:
            answer: Mapping[str, Any] = getattr(self._client, operation)(TableName=self._table_name, **parameters)
        except ClientError as error:
            raise _translated(error) from error
        except BotoCoreError as error:
            raise ServiceUnavailable("the table cannot be reached") from error
        return answer

    def _expiry(self, now: int) -> int:
        return now // 1000 + self._ttl


def _translated(error: ClientError) -> Exception:
    code = error.response["Error"]["Code"]
    if code == "ConditionalCheckFailedException":
        item: Mapping[str, Any] = error.response.get("Item", {})  # type: ignore[assignment] # typed as object
        return Refused(Task.from_item(item) if item else None)
    return ServiceUnavailable(f"the table answered {code}")
