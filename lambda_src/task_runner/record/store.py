"""The status table. One method is one conditional write (or one read), so no interleaving can break a record.

The old record comes back with a refused condition (DynamoDB's ReturnValuesOnConditionCheckFailure), so a refusal is
understood without a second round trip.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.conditions import Attr, ConditionBase
from boto3.dynamodb.types import TypeDeserializer
from botocore.exceptions import BotoCoreError, ClientError

from task_runner.errors import ServiceUnavailable, WorkerLost
from task_runner.progress import Progress
from task_runner.record.task import Claim, Delivery, Status, Task, TaskError, attribute, iso

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_HEAL_WINDOW_MS = 30_000
"""Longer than API Gateway lets an integration run (29 s), so a wake-up of a replayed POST is sent within it."""


_ALWAYS = Attr("taskId").exists()


class AlreadyExists(Exception):
    """The task is on record already."""

    def __init__(self, existing: Task) -> None:
        super().__init__(existing.task_id)
        self.existing = existing


class ClaimRefused(Exception):
    """The task may not run now; `existing` is the record that says why, or None where there is none."""

    def __init__(self, existing: Task | None) -> None:
        super().__init__()
        self.existing = existing


class _Refused(Exception):
    """A write's condition did not hold; carries the record it met."""

    def __init__(self, existing: Task | None) -> None:
        super().__init__()
        self.existing = existing


class TaskStore:
    """Reads and writes task records.

    Every method raises `ServiceUnavailable` where DynamoDB cannot be reached, throttles or refuses.

    Args:
        client: `boto3.resource("dynamodb").meta.client`: thread-safe like any client, and speaks Python values.
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
        task = Task(
            task_id,
            Status.PENDING,
            payload,
            payload_hash,
            iso(now),
            iso(now),
            expiration_time=self._expiry(now),
        )
        names = (
            "task_id",
            "status",
            "payload",
            "payload_hash",
            "created_at",
            "updated_at",
            "expiration_time",
        )
        item = {attribute(name): getattr(task, name) for name in (*names, "attempts", "receives")}
        try:
            self._call("put_item", Item=item, ConditionExpression=Attr("taskId").not_exists())
        except _Refused as refusal:
            if refusal.existing is None:
                raise ServiceUnavailable("the table refused the record without showing the one it has") from None
            raise AlreadyExists(refusal.existing) from None
        return task

    def get(self, task_id: str, now: int) -> Task | None:
        """Read a record, strongly consistent; None where it is unknown or past its expiration time.

        DynamoDB deletes an expired item within days, not at once, so the time is checked here (developer guide, TTL).
        """
        item = self._call("get_item", Key={"taskId": task_id}, ConsistentRead=True).get("Item")
        task = Task.from_item(item) if item else None
        return task if task and task.expiration_time * 1000 > now else None

    def claim(self, delivery: Delivery, lease: str, lease_expires_at: int, now: int) -> Claim:
        """Claimed, reclaimed or redriven: -> processing, one more attempt, the lease is `lease`.

        Raises:
            ClaimRefused: the task may not run now, or there is no such task.
        """
        pending = Attr("status").eq(Status.PENDING)
        lease_is_past = Attr("status").eq(Status.PROCESSING) & Attr("leaseExpiresAt").lt(now)
        # A wake-up that a replayed POST may have sent is no redrive, so it cannot revive a failed task.
        not_a_heal = Attr("healUntil").not_exists() | Attr("healUntil").lt(delivery.sent_at)
        redriven = Attr("status").eq(Status.FAILED) & Attr("completedAt").lt(iso(delivery.sent_at)) & not_a_heal
        changes = {
            "status": Status.PROCESSING,
            "lease": lease,
            "leaseExpiresAt": lease_expires_at,
            "receives": delivery.receives,
            "startedAt": iso(now),
        }
        try:
            before = self._update(
                delivery.task_id,
                changes,
                ("completedAt", "progress"),
                pending | lease_is_past | redriven,
                now,
                attempts=1,
                returns="ALL_OLD",
            )
        except _Refused as refusal:
            if refusal.existing and refusal.existing.lease == lease:
                # This very write, repeated by the SDK after a lost answer; what was before is not known any more.
                return Claim(refusal.existing, interrupted=refusal.existing.attempts > 1)
            raise ClaimRefused(refusal.existing) from None
        claimed = replace(
            before,
            status=Status.PROCESSING,
            lease=lease,
            lease_expires_at=lease_expires_at,
            receives=delivery.receives,
            attempts=before.attempts + 1,
            started_at=iso(now),
            updated_at=iso(now),
            completed_at=None,
            progress=None,
            expiration_time=self._expiry(now),
        )
        lost_before = before.error is not None and before.error.type == WorkerLost.__name__
        return Claim(claimed, interrupted=before.status is Status.PROCESSING or lost_before)

    def note_last_delivery(self, delivery: Delivery, now: int) -> None:
        """Keep in a running task's record that the message will not come again; nothing where it runs no more."""
        running = Attr("status").eq(Status.PROCESSING)
        with suppress(_Refused):
            self._update(delivery.task_id, {"receives": delivery.receives}, (), running, now)

    def note_progress(self, task_id: str, lease: str, progress: Progress, now: int) -> None:
        """Keep how far the attempt has come; nothing where the lease is not ours any more."""
        changes = {"progress": {"fraction": Decimal(str(progress.fraction)), "message": progress.message}}
        ours = Attr("status").eq(Status.PROCESSING) & Attr("lease").eq(lease)
        with suppress(_Refused):
            self._update(task_id, changes, (), ours, now)

    def complete(self, task_id: str, lease: str, result: str, now: int) -> bool:
        """Succeeded: processing -> completed; False where the lease is not ours any more."""
        changes = {"status": Status.COMPLETED, "result": result, "completedAt": iso(now)}
        return self._settle(task_id, lease, changes, ("error", "progress"), now)

    def release(self, task_id: str, lease: str, delivery: Delivery, error: TaskError, now: int) -> bool:
        """Attempt failed with tries left: processing -> pending.

        False where the lease is not ours any more, or where the message has come again meanwhile, for the last time.
        """
        not_overtaken = Attr("receives").lte(delivery.receives)
        return self._settle(task_id, lease, {"status": Status.PENDING, "error": vars(error)}, (), now, not_overtaken)

    def fail(self, task_id: str, lease: str, error: TaskError, now: int) -> bool:
        """Failed for good: processing -> failed; False where the lease is not ours any more."""
        changes = {"status": Status.FAILED, "error": vars(error), "completedAt": iso(now)}
        return self._settle(task_id, lease, changes, (), now)

    def bury(self, seen: Task, error: TaskError, ended_at: int, now: int) -> Task | None:
        """Write the verdict on a task whose worker is gone, unless it changed since it was `seen`; None if it did."""
        unchanged = Attr("status").eq(seen.status) & Attr("updatedAt").eq(seen.updated_at)
        same_lease = Attr("lease").eq(seen.lease) if seen.lease else Attr("lease").not_exists()
        changes = {"status": Status.FAILED, "error": vars(error), "completedAt": iso(ended_at)}
        try:
            return self._update(seen.task_id, changes, ("leaseExpiresAt",), unchanged & same_lease, now)
        except _Refused:
            return None

    def open_heal_window(self, task_id: str, now: int) -> bool:
        """Announce one more wake-up for a task that no worker has seen yet; False where one has."""
        untouched = Attr("status").eq(Status.PENDING) & Attr("attempts").eq(0)
        try:
            self._update(task_id, {"healUntil": now + _HEAL_WINDOW_MS}, (), untouched, now)
        except _Refused:
            return False
        return True

    def _settle(
        self,
        task_id: str,
        lease: str,
        changes: Mapping[str, Any],
        removals: tuple[str, ...],
        now: int,
        also: ConditionBase = _ALWAYS,
    ) -> bool:
        running = Attr("status").eq(Status.PROCESSING)
        lease_is_mine = Attr("lease").eq(lease)
        try:
            self._update(task_id, changes, ("leaseExpiresAt", *removals), running & lease_is_mine & also, now)
        except _Refused as refusal:
            # The lease stays in a settled record, so a write repeated after a lost answer knows itself.
            existing = refusal.existing
            return existing is not None and existing.lease == lease and existing.status == changes["status"]
        return True

    def _update(
        self,
        task_id: str,
        changes: Mapping[str, Any],
        removals: tuple[str, ...],
        condition: ConditionBase,
        now: int,
        attempts: int = 0,
        returns: str = "ALL_NEW",
    ) -> Task:
        values = {**changes, "updatedAt": iso(now), "expiration_time": self._expiry(now)}
        expression = "SET " + ", ".join(f"#{name} = :{name}" for name in values)
        if removals:
            expression += " REMOVE " + ", ".join(f"#{name}" for name in removals)
        if attempts:
            expression += " ADD #attempts :attempts"
            values["attempts"] = attempts
        answer = self._call(
            "update_item",
            Key={"taskId": task_id},
            UpdateExpression=expression,
            ConditionExpression=condition,
            ExpressionAttributeNames={f"#{name}": name for name in (*values, *removals)},
            ExpressionAttributeValues={f":{name}": value for name, value in values.items()},
            ReturnValues=returns,
        )
        return Task.from_item(answer["Attributes"])

    def _call(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        if "ConditionExpression" in parameters:
            parameters["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
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
        # boto3 turns answers into Python values, but not errors.
        raw: Mapping[str, Any] = error.response.get("Item", {})  # type: ignore[assignment] # typed as object
        item = {name: TypeDeserializer().deserialize(value) for name, value in raw.items()}
        return _Refused(Task.from_item(item) if item else None)
    return ServiceUnavailable(f"the table answered {code}")
