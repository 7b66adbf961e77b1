"""What task code is told about the attempt it runs in."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


class ReportProgress(Protocol):
    """Tell whoever waits how far the task has come."""

    def __call__(self, fraction: float, message: str = "") -> None:
        """Report a fraction from 0 to 1 and a sentence.

        No report fails the task: a fraction below 0 counts as 0, one above 1 as 1, and a report whose fraction is no
        finite number is left out. The first such report of an attempt is told in a warning in the log.
        """


@dataclass(frozen=True)
class TaskContext:
    """The second argument of `handle(payload, context)`.

    Attributes:
        task_id: the id that the caller holds.
        attempt: 1 for the first run, one more for each retry or redrive.
        max_attempts: deliveries of one message before it is dead-lettered.
        created_at: when the task was accepted, ISO 8601 in UTC.
        remaining_seconds: call it to learn how long this attempt may still run; never below 0.
        logger: writes JSON lines that name the task to the worker's log group.
        progress: call it as often as you like; GET shows what it was told, with one write a second at most.
    """

    task_id: str
    attempt: int
    max_attempts: int
    created_at: str
    remaining_seconds: Callable[[], float]
    logger: logging.Logger
    progress: ReportProgress
