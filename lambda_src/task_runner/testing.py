"""For tests of task code: a context to call it with. Neither AWS nor any dependency is needed.

from task_runner.testing import task_context

def test_greeting():
    assert handle({"name": "Ada"}, task_context()) == "Hello Ada"
"""

import logging
import time

from task_runner.context import TaskContext
from task_runner.progress import Progress, Reporter


def task_context(
    *,
    task_id: str = "00000000-0000-4000-8000-000000000000",
    attempt: int = 1,
    max_attempts: int = 5,
    seconds: float = 60.0,
    reports: list[Progress] | None = None,
) -> TaskContext:
    """Return a context as the worker would give it.

    Args:
        task_id: what the context says.
        attempt: which try this is, from 1.
        max_attempts: how many there are.
        seconds: how long the attempt may run, from now.
        reports: a list to which each call of `context.progress` adds its report, as `GET` would show it. The logger
            `task` is warned of one that cannot be shown as it was told.
    """
    ends_at = time.monotonic() + seconds

    logger = logging.getLogger("task")
    return TaskContext(
        task_id=task_id,
        attempt=attempt,
        max_attempts=max_attempts,
        created_at="2026-01-31T12:00:00.000Z",
        remaining_seconds=lambda: max(0.0, ends_at - time.monotonic()),
        logger=logger,
        progress=Reporter((reports if reports is not None else []).append, logger),
    )
