"""Accepting tasks and telling how they stand: what the API does, without HTTP."""

import uuid
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

from task_runner.config import ApiConfig
from task_runner.errors import TaskRunnerError
from task_runner.record.payload import fingerprint
from task_runner.record.rules import verdict
from task_runner.record.store import AlreadyExists, TaskStore
from task_runner.record.task import Status, Task, now_ms
from task_runner.wakeups import WakeupQueue

_KEYED_TASKS = uuid.UUID("6f1f0f0e-3c1b-4c53-9f4e-5d7c1f6a2b90")
"""Namespace of the ids that an idempotency key names; any fixed uuid serves."""


class KeyReused(TaskRunnerError):
    """The idempotency key belongs to a task with another payload."""


class NotToRetry(TaskRunnerError):
    """The task has not ended, or is completed."""

    def __init__(self, task: Task) -> None:
        super().__init__()
        self.task = task


@dataclass(frozen=True)
class Accepted:
    """A task on record with its wake-up sent; `replayed` where an earlier POST had put it there."""

    task: Task
    replayed: bool = False


class TaskService:
    """The API's operations. All raise `ServiceUnavailable` where the table or the queue cannot be reached."""

    def __init__(
        self,
        store: TaskStore,
        wakeups: WakeupQueue,
        config: ApiConfig,
        sender: Executor,
        clock: Callable[[], int] = now_ms,
    ) -> None:
        self._store = store
        self._wakeups = wakeups
        self._config = config
        self._clock = clock
        self._sender = sender

    def accept(self, text: str, payload: Any) -> Accepted:
        """Record a new task and wake a worker, both at the same time.

        Neither order needs the other: a wake-up that comes before its record is waited for or retried, one whose record
        never comes is dropped after a minute. If only the write worked, the record stays `pending` under an id that
        nobody was told, and expires; if only the wake-up was sent, it is dropped. Either way the caller is told that
        nothing was accepted, and a later POST starts afresh.
        """
        task_id = str(uuid.uuid4())
        sending = self._sender.submit(self._wakeups.send, task_id)
        try:
            task = self._store.create(task_id, text, fingerprint(payload), self._clock())
        except AlreadyExists as known:
            task = known.existing  # nobody else has this id: it is our own write, repeated after a lost answer
        finally:
            failure = sending.exception()
        if failure:
            raise failure
        return Accepted(task)

    def accept_once(self, text: str, payload: Any, caller: str, key: str) -> Accepted:
        """Record the task that the caller's key names, or find it; the id is made of both, so one put settles a race.

        Here the write goes first: a wake-up sent blindly could revive a task that failed. A replay that finds the task
        untouched sends the wake-up again, since the first try may have died between its two calls.

        Raises:
            KeyReused: the key's task has another payload.
        """
        task_id = str(uuid.uuid5(_KEYED_TASKS, f"{len(caller)}:{caller}:{key}"))
        try:
            task = self._store.create(task_id, text, fingerprint(payload), self._clock())
        except AlreadyExists as known:
            return Accepted(self._replay(known.existing, fingerprint(payload)), replayed=True)
        self._wakeups.send(task_id)
        return Accepted(task)

    def look_up(self, task_id: str) -> Task | None:
        """Return the task as it truly stands, or None; a task whose worker is gone is failed here, once."""
        task = self._store.get(task_id, self._clock())
        if task is None:
            return None
        return self._judged(task)

    def retry(self, task_id: str) -> Task | None:
        """Make a task that has failed pending again and wake a worker; None where there is no such task.

        Repeated before a worker has seen it, this sends the wake-up again, since the first try may have died between
        its two calls.

        Raises:
            NotToRetry: it has not ended, or is completed.
        """
        task = self.look_up(task_id)
        if task and task.status is Status.FAILED:
            if retried := self._store.retry(task, self._clock()):
                self._wakeups.send(task_id)
                return retried
            task = self._store.get(task_id, self._clock())
        if task and not (task.retried_after is not None and self._healed(task)):
            raise NotToRetry(task)
        return task

    def _replay(self, task: Task, payload_hash: str) -> Task:
        if task.payload_hash != payload_hash:
            raise KeyReused("this Idempotency-Key was used with another payload")
        return task if self._healed(task) else self._judged(task)

    def _healed(self, task: Task) -> bool:
        """Wake a worker again for a task that none has seen yet; False where one has."""
        if not (task.untouched and self._store.open_heal_window(task, self._clock())):
            return False
        self._wakeups.send(task.task_id)
        return True

    def _judged(self, task: Task) -> Task:
        now = self._clock()
        judgement = verdict(task, now, self._config.max_receive_count, self._config.queue_retention_seconds * 1000)
        if judgement is None:
            return task
        return self._store.bury(task, *judgement, now) or self._store.get(task.task_id, now) or task
