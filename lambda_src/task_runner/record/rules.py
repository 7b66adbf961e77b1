"""The rules that time sets a task: pure functions, no AWS."""

import random

from task_runner.record.task import Task, TaskError, epoch_ms

_EXPIRY_SLACK_MS = 60_000
"""A message that is just about to expire may still be on its way to a worker."""

_system = random.SystemRandom()
"""The functions of `random` go on from a state in memory, which is the same in all that start from one snapshot."""


def backoff(attempt: int, base: float, cap: float) -> int:
    """Whole seconds until the next try: full jitter, so that tasks which failed together do not return together.

    Args:
        attempt: the attempt that failed, from 1.
        base: upper end of the first wait, in seconds; doubles with each attempt.
        cap: upper end of every wait, in seconds.
    """
    ceiling = min(cap, base * 2 ** min(attempt - 1, 30))
    return round(_system.uniform(0, ceiling))


def verdict(task: Task, now: int, max_receive_count: int, queue_retention_ms: int) -> tuple[TaskError, int] | None:
    """Judge a task whose worker can no longer speak: the error and the moment it ended, or None while it may live.

    A dead lease on the last delivery means that the message is, or is about to be, in the dead-letter queue. The moment
    lies in the past on purpose: a message redriven after it, even before anybody asked, runs the task again.
    """
    if task.status.terminal:
        return None
    lease_end = task.lease_expires_at
    if lease_end is not None and lease_end >= now:
        return None
    if lease_end is not None and task.receives >= max_receive_count:
        return TaskError("WorkerLost", "the worker ended without an answer on the last try"), lease_end
    expiry = epoch_ms(task.updated_at) + queue_retention_ms + _EXPIRY_SLACK_MS
    if expiry < now:
        return TaskError("Expired", "no worker finished the task while the queue kept its message"), expiry
    return None
