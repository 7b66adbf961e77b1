"""One delivery, from claim to settlement."""

import json
import math
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from task_runner.config import WorkerConfig
from task_runner.context import TaskContext
from task_runner.errors import InvalidResult, PermanentError, RetryLater, ServiceUnavailable, TimedOut
from task_runner.progress import Progress, Reporter, Throttled
from task_runner.record.history import outcome_of
from task_runner.record.rules import backoff
from task_runner.record.store import ClaimRefused, TaskStore
from task_runner.record.task import Claim, Delivery, Status, Task, TaskError, now_ms
from task_runner.telemetry import logger
from task_runner.wakeups import WakeupQueue
from task_runner.worker.attempt import Abandoned, Attempt
from task_runner.worker.failure import Frame, every_frame, failure, frames_of
from task_runner.worker.outcome import COMPLETED, DEAD_LETTERED, DEFERRED, DROPPED, FAILED, RETRIED, Outcome
from task_runner.worker.result import recordable
from task_runner.worker.task_code import TaskCode
from task_runner.worker.task_logger import task_logger

_ORPHAN_MS = 60_000
"""A wake-up older than this without a record never gets one: its POST has long been answered."""

_RECORD_IS_LATE_MS = 10_000
"""A POST's write has been made or given up by then (see `clients`), also on the last delivery."""

_PERMANENT = (PermanentError, InvalidResult)


@dataclass(frozen=True)
class Settings:
    """What every run needs: where records and messages are, how to retry, and what to run.

    `code` runs in this process, beside the batch's other tasks; `isolated` runs the same in a process of its own.
    """

    store: TaskStore
    wakeups: WakeupQueue
    config: WorkerConfig
    code: TaskCode
    isolated: TaskCode
    clock: Callable[[], int] = now_ms
    sleep: Callable[[float], None] = time.sleep


class Run:
    """`claim` the delivery's task, then call the run in a thread, then `conclude` it."""

    def __init__(self, settings: Settings, delivery: Delivery, request_id: str, ends_at: float) -> None:
        self.delivery = delivery
        self._settings = settings
        self._lease = f"{request_id}/{uuid.uuid4().hex[:12]}"
        self._ends_at = ends_at
        self._attempt = Attempt()
        self._claimed: Claim | None = None
        self._refusal: ClaimRefused | None = None
        self._outage: ServiceUnavailable | None = None

    def claim(self) -> None:
        """Try to claim the task. An outage is told by the call that follows."""
        try:
            self._claimed = self._try_claim()
        except ClaimRefused as refusal:
            self._refusal = refusal
        except ServiceUnavailable as outage:
            self._outage = outage

    def __call__(self) -> Outcome:
        """Run the delivery to its end. Abandoned at the deadline, it raises `Abandoned` and settles nothing."""
        if self._outage:
            raise self._outage
        try:
            if self._claimed is None:
                self._claimed = self._claim_patiently()
        except ClaimRefused as refusal:
            return self._refused(refusal.existing)
        return self._perform(self._claimed)

    def conclude(self, future: "Future[Outcome]") -> Outcome:
        """Say how the run ended; at the deadline, settle one that did not."""
        try:
            if not future.done() and self._attempt.abandon():
                return self._out_of_time("the task code was still running")
            if future.cancelled():
                return self._out_of_time("no thread was free")
            return future.result(timeout=max(0.0, self._ends_at - time.monotonic() - 0.5))
        except ServiceUnavailable as error:
            # Nothing is known of the record, so the visibility timeout, which outlives the lease, decides.
            logger.error("dependency unavailable", extra={"task_id": self.delivery.task_id, "reason": str(error)})
        except BaseException as error:  # noqa: BLE001 - whatever it is, the batch's other records must not suffer
            logger.error("run failed", extra=self._why(error, every_frame(error)))
        return DEFERRED

    def _try_claim(self) -> Claim:
        now = self._settings.clock()
        ends_at = now + int((self._ends_at - time.monotonic()) * 1000)
        return self._settings.store.claim(self.delivery, self._lease, ends_at, now)

    def _claim_patiently(self) -> Claim:
        """POST writes the record and sends the wake-up at the same time, so the record may be a moment late."""
        patience = _RECORD_IS_LATE_MS if self._is_last else 1_000
        refusal = self._refusal or ClaimRefused(None)
        while refusal.existing is None and self._settings.clock() - self.delivery.sent_at <= patience:
            self._settings.sleep(0.1)
            try:
                return self._try_claim()
            except ClaimRefused as again:
                refusal = again
        raise refusal

    def _refused(self, existing: Task | None) -> Outcome:
        now = self._settings.clock()
        if existing is None and now - self.delivery.sent_at <= _ORPHAN_MS:
            return self._defer(5)
        if existing is None or existing.status is not Status.PROCESSING:
            return DROPPED
        if self._is_last:
            # No delivery will look after this lease any more, so GET must be able to tell that its holder is lost.
            self._settings.store.note_last_delivery(self.delivery, now)
        lease_left = (existing.lease_expires_at or now) - now
        return self._defer(math.ceil(max(0, lease_left) / 1000) + 1)

    def _defer(self, seconds: int) -> Outcome:
        self._settings.wakeups.return_after(self.delivery, seconds)
        return DEFERRED

    def _perform(self, claim: Claim) -> Outcome:
        task = claim.task
        code = self._settings.isolated if claim.interrupted else self._settings.code
        logs = task_logger(task.task_id, logger)
        context = TaskContext(
            task_id=task.task_id,
            attempt=task.attempts,
            max_attempts=self._settings.config.max_receive_count,
            created_at=task.created_at,
            remaining_seconds=lambda: max(0.0, self._ends_at - time.monotonic()),
            logger=logs,
            progress=Reporter(Throttled(self._note_progress), logs),
        )
        try:
            payload = json.loads(task.payload)
            result = recordable(self._attempt.run(lambda: code(payload, context)), task.payload)
            if self._settings.store.complete(task, result, self._settings.clock()):
                return COMPLETED
        except (ServiceUnavailable, Abandoned):
            raise
        except BaseException as error:  # noqa: BLE001 - task code may raise anything, SystemExit too
            return self._settle(task, error)
        return DEFERRED

    def _note_progress(self, progress: Progress) -> None:
        try:
            self._settings.store.note_progress(self.delivery.task_id, self._lease, progress, self._settings.clock())
        except ServiceUnavailable as error:  # not worth failing the attempt for
            logger.warning("progress not recorded", extra={"task_id": self.delivery.task_id, "reason": str(error)})

    def _out_of_time(self, reason: str) -> Outcome:
        if self._claimed is None:
            return DEFERRED
        return self._settle(self._claimed.task, TimedOut(f"{reason} when the worker's timeout came"))

    def _settle(self, task: Task, error: BaseException) -> Outcome:
        store, now, told = self._settings.store, self._settings.clock(), TaskError.of(error)
        outcome = outcome_of(error)
        logger.warning("attempt failed", extra=self._why(error, frames_of(error)))
        if isinstance(error, _PERMANENT):
            return FAILED if store.fail(task, told, now, outcome) else DEFERRED
        if not self._is_last and store.release(task, self.delivery, told, now, outcome):
            self._settings.wakeups.return_after(self.delivery, self._wait_before_retry(task, error))
            return RETRIED
        if store.fail(task, told, now, outcome):
            self._settings.wakeups.return_after(self.delivery, 0)
            return DEAD_LETTERED
        return DEFERRED

    def _why(self, error: BaseException, frames: list[Frame]) -> dict[str, Any]:
        text = self._settings.config.log_error_text
        return {"task_id": self.delivery.task_id, **failure(error, frames, text=text)}

    def _wait_before_retry(self, task: Task, error: BaseException) -> int:
        if isinstance(error, RetryLater):
            return math.ceil(error.seconds)
        config = self._settings.config
        return backoff(task.tries, config.retry_base_seconds, config.retry_cap_seconds)

    @property
    def _is_last(self) -> bool:
        return self.delivery.is_last(self._settings.config.max_receive_count)
