"""A task as data: what its record holds.

Times are epoch milliseconds inside the runtime and ISO 8601 (UTC, milliseconds) in the record, where equal length makes
text order time order.
"""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timezone
from enum import Enum
from typing import Any

from task_runner.progress import Progress
from task_runner.record.attribute_values import loaded, stored
from task_runner.record.history import History

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Status(str, Enum):
    """Where a task stands; `COMPLETED` and `FAILED` are terminal."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"

    @property
    def terminal(self) -> bool:
        """Whether only a redrive or a retry can change it."""
        return self in (Status.COMPLETED, Status.FAILED)


@dataclass(frozen=True)
class TaskError:
    """Why an attempt or a task failed, as the caller reads it."""

    type: str
    message: str

    @classmethod
    def of(cls, error: BaseException, limit: int = 1024) -> "TaskError":
        """Describe an exception; a message is cut at `limit` characters, so that it always fits the record."""
        return cls(type(error).__name__, str(error)[:limit].encode("utf-8", "replace").decode())


@dataclass(frozen=True)
class Task:
    """One record of the table; field names are the record's attributes in snake case.

    `retried_after` is how many attempts there were when it was last retried.
    """

    task_id: str
    status: Status
    payload: str
    payload_hash: str
    created_at: str
    updated_at: str
    expiration_time: int
    attempts: int = 0
    receives: int = 0
    started_at: str | None = None
    completed_at: str | None = None
    lease: str | None = None
    lease_expires_at: int | None = None
    heal_until: int | None = None
    result: str | None = None
    error: TaskError | None = None
    progress: Progress | None = None
    history: History = ()
    retried_after: int | None = None

    @property
    def untouched(self) -> bool:
        """Whether no worker has seen it since it was accepted, or since it was retried."""
        return self.status is Status.PENDING and self.tries == 0

    @property
    def tries(self) -> int:
        """Attempts since it was accepted, or since it was retried."""
        return self.attempts - (self.retried_after or 0)

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> "Task":
        """Read a record as DynamoDB gives it, each value with its type."""
        names = {field.name: attribute(field.name) for field in fields(cls)}
        known = {name: loaded(item[stored_as]) for name, stored_as in names.items() if stored_as in item}
        if "error" in known:
            known["error"] = TaskError(**known["error"])
        if "progress" in known:
            known["progress"] = Progress(float(known["progress"]["fraction"]), known["progress"]["message"])
        return cls(**{**known, "status": Status(known["status"]), "history": tuple(known.get("history", ()))})

    def to_item(self) -> dict[str, Any]:
        """Write the record as `from_item` reads it; what does not exist yet is left out."""
        known = {field.name: getattr(self, field.name) for field in fields(self)}
        return {attribute(name): stored(value) for name, value in known.items() if value not in (None, ())}


@dataclass(frozen=True)
class Claim:
    """A task that is ours to run; `interrupted` where the process of an attempt died and none has worked since."""

    task: Task
    interrupted: bool


@dataclass(frozen=True)
class Delivery:
    """One delivery of a wake-up: which task, and what SQS says of the message."""

    task_id: str
    message_id: str
    receipt_handle: str
    receives: int
    sent_at: int

    def is_last(self, max_receive_count: int) -> bool:
        """Whether the message is dead-lettered if this delivery fails."""
        return self.receives >= max_receive_count


def is_task_id(text: object) -> bool:
    """Whether this is a UUID in its usual form."""
    return isinstance(text, str) and _UUID.fullmatch(text) is not None


def attribute(field_name: str) -> str:
    """Name of a field in the record: `task_id` is `taskId`. The TTL attribute alone keeps its underscore."""
    if field_name == "expiration_time":
        return field_name
    head, *tail = field_name.split("_")
    return head + "".join(part.capitalize() for part in tail)


def now_ms() -> int:
    """Return the current time in epoch milliseconds."""
    return time.time_ns() // 1_000_000


def iso(epoch_ms: int) -> str:
    """Write epoch milliseconds as the record does: `2026-01-31T12:00:00.000Z`."""
    seconds, millis = divmod(epoch_ms, 1000)
    return f"{datetime.fromtimestamp(seconds, timezone.utc):%Y-%m-%dT%H:%M:%S}.{millis:03d}Z"


def epoch_ms(text: str) -> int:
    """Read what `iso` wrote."""
    moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
    return round(moment.timestamp() * 1000)
