"""What became of a task's attempts, as GET shows it.

An attempt is put down as lost when it begins, and set right by the worker that ends it. So one that nobody ends needs
no write of its own: its worker died, at the latest with its lease. Numbers are counted back from the last attempt.
"""

from enum import Enum
from typing import TYPE_CHECKING, Any, TypedDict

from task_runner.errors import RetryLater, TimedOut, WorkerLost

if TYPE_CHECKING:
    from task_runner.record.task import TaskError

KEPT = 10
"""Attempts. A limit of our own: beside payload and result there is little room in the record."""

_LONGEST_MESSAGE, _LONGEST_TYPE = 200, 100  # characters


class AttemptOutcome(str, Enum):
    """How an attempt ended."""

    COMPLETED = "completed"
    FAILED = "failed"
    TIMED_OUT = "timed out"
    RETRY_LATER = "retry later"
    LOST = "lost"


class _Ended(TypedDict):
    startedAt: str
    endedAt: str
    outcome: str


class PastAttempt(_Ended, total=False):
    """One attempt; `error` has the type and the beginning of the message where there is something to tell."""

    error: dict[str, str]


History = tuple[PastAttempt, ...]

_OUTCOMES = {
    RetryLater: AttemptOutcome.RETRY_LATER,
    TimedOut: AttemptOutcome.TIMED_OUT,
    WorkerLost: AttemptOutcome.LOST,
}


def outcome_of(error: BaseException) -> AttemptOutcome:
    """Say how an attempt ended that raised this."""
    return next((outcome for kind, outcome in _OUTCOMES.items() if isinstance(error, kind)), AttemptOutcome.FAILED)


def begun(started_at: str, lease_end: str) -> PastAttempt:
    """Put down an attempt that begins. Should nobody end it, this is what became of it."""
    return {"startedAt": started_at, "endedAt": lease_end, "outcome": AttemptOutcome.LOST.value}


def ended(history: History, outcome: AttemptOutcome, ended_at: str, error: "TaskError | None" = None) -> History:
    """Say how the last attempt ended, and keep no more than the last ten."""
    *earlier, last = history
    mine: PastAttempt = {"startedAt": last["startedAt"], "endedAt": ended_at, "outcome": outcome.value}
    if error is not None:
        mine["error"] = {"type": error.type[:_LONGEST_TYPE], "message": error.message[:_LONGEST_MESSAGE]}
    return (*earlier, mine)[-KEPT:]


def shown(history: History, attempts: int, *, running: bool) -> list[dict[str, Any]]:
    """Return the attempts that have ended, the last ten at most, each with its number."""
    first = attempts - len(history) + 1
    numbered = [{"number": number, **attempt} for number, attempt in enumerate(history, first)]
    return (numbered[:-1] if running else numbered)[-KEPT:]
