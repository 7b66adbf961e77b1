"""What the API answers about a task. Times are ISO 8601, UTC, with milliseconds."""

from typing import Any, Literal, TypedDict

Status = Literal["pending", "processing", "completed", "failed"]

TERMINAL = frozenset({"completed", "failed"})
"""The statuses in which a task stays, unless it is retried or redriven."""


class Progress(TypedDict):
    """How far the running attempt has come, or the last one that failed: `fraction` is 0 to 1."""

    fraction: float
    message: str


class TaskError(TypedDict):
    """Why a task, or its last attempt so far, has failed."""

    type: str
    message: str


class _Ended(TypedDict):
    number: int
    startedAt: str
    endedAt: str
    outcome: Literal["completed", "failed", "timed out", "lost", "retry later"]


class PastAttempt(_Ended, total=False):
    """An attempt that has ended; `error` is there unless it worked out, its message cut at 200 characters."""

    error: TaskError


class AcceptedTask(TypedDict):
    """What POST answers."""

    taskId: str
    status: Status
    createdAt: str


class _Recorded(AcceptedTask):
    attempts: int
    updatedAt: str


class TaskView(_Recorded, total=False):
    """What GET answers. Who looks for `startedAt` and what follows asks first whether it is there."""

    startedAt: str
    completedAt: str
    progress: Progress
    result: Any
    error: TaskError
    history: list[PastAttempt]
