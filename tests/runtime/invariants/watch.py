"""The invariants, checked after every single call to AWS."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from support.cloud import Cloud
from task_runner.record.history import KEPT, PastAttempt
from task_runner.record.task import Status, Task, now_ms
from task_runner.record.transitions import NOTES, TRANSITIONS

ALLOWED = {status: {row.target for row in (*TRANSITIONS, *NOTES) if row.source is status} for status in (None, *Status)}


class Watch:
    """Sees every version of every record and every run of task code; remembers what must never have happened."""

    def __init__(self, cloud: Cloud) -> None:
        self.violations: list[str] = []
        self.records: dict[str, Task] = {}
        self.redriven: Counter[str] = Counter()
        self.retrying: str | None = None  # the task whose retry is asked for in this moment
        self._cloud = cloud
        self._leases: list[tuple[str, int]] = []  # of the runs under way: task id, end of its lease

    def check(self, holds: bool, otherwise: str) -> None:
        # Raising here would only look like one more failure of the code under test.
        if not holds:
            self.violations.append(otherwise)

    def look(self, task_id: str, invocation: str) -> None:
        """Compare a record with what it was before this invocation (a worker's, or "") wrote to it."""
        item = self._cloud.dynamodb.get_item(TableName="tasks", Key={"taskId": {"S": task_id}})["Item"]
        task = Task.from_item(item)
        before = self.records.get(task_id)
        if task != before:
            self._changed(before, task, invocation)
            self.records[task_id] = task

    def _changed(self, before: Task | None, after: Task, invocation: str) -> None:
        status = before.status if before else None
        step = f"{after.task_id}: {status} -> {after.status}"
        self.check(after.status in ALLOWED[status], f"{step} is no transition")
        self.check(not before or after.attempts >= before.attempts, f"{step} forgets attempts")
        self._history_changed(step, before, after)
        if before and status is Status.PROCESSING and after.status is not Status.PROCESSING:
            self.check((before.lease or "").startswith(invocation), f"{step} by a worker that has lost its lease")
        if status is Status.FAILED and after.status is Status.PENDING:
            self.check(self.retrying == after.task_id, f"{step} without a retry")
        elif status is Status.FAILED:
            self.redriven[after.task_id] -= 1
            self.check(self.redriven[after.task_id] >= 0, f"{step} without a redrive")

    def _history_changed(self, step: str, before: Task | None, after: Task) -> None:
        """Each attempt is put down when it begins, how it ended is written once, and the last ten stay."""
        earlier, now = _numbered(before) if before else {}, _numbered(after)
        if before and before.status is Status.PROCESSING:
            earlier.pop(before.attempts)  # it is under way
        self.check(len(now) >= min(after.attempts, KEPT), f"{step} forgets an attempt of the history")
        self.check(
            all(now.get(number, told) == told for number, told in earlier.items()), f"{step} changes the history"
        )
        completed = [number for number, told in now.items() if told["outcome"] == "completed"]
        expected = [after.attempts] if after.status is Status.COMPLETED else []
        self.check(completed == expected, f"{step} with attempts {completed} completed")

    @contextmanager
    def running(self, task_id: str) -> Iterator[None]:
        """Task code runs inside. A run whose lease has ended is none: Lambda has killed its process by then."""
        record: Any = self.records[task_id]
        self.check(record.status is Status.PROCESSING, f"{task_id} runs while its record says {record.status}")
        live = [other for other, ends_at in self._leases if other == task_id and ends_at > now_ms()]
        self.check(not live, f"{task_id} runs twice at the same time")
        run = (task_id, record.lease_expires_at or 0)
        self._leases.append(run)
        try:
            yield
        finally:
            self._leases.remove(run)


def _numbered(task: Task) -> dict[int, PastAttempt]:
    return dict(enumerate(task.history, task.attempts - len(task.history) + 1))
