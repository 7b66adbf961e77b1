"""A batch of wake-ups, side by side in threads, each settled on its own."""

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

from task_runner.telemetry import count, flush_metrics, logger
from task_runner.wakeups import ForeignMessage, delivery_of
from task_runner.worker.outcome import Outcome
from task_runner.worker.run import Run, Settings

MARGIN_SECONDS = 2.0
"""Kept back at the end of an invocation to record what did not finish; the module refuses timeouts below 5 s."""


class Worker:
    """Handles one Lambda event from SQS.

    The threads are our own: unlike records that are taken one after the other, or all in one event loop, they can leave
    a blocked one behind at the deadline.
    """

    def __init__(self, settings: Settings, concurrency: int) -> None:
        self._settings = settings
        self._concurrency = concurrency

    def __call__(self, event: Mapping[str, Any], context: Any) -> dict[str, list[dict[str, str]]]:
        """Run every record; name those that SQS must keep."""
        remaining = context.get_remaining_time_in_millis() / 1000
        ends_at = time.monotonic() + remaining
        runs = self._runs(event, context.aws_request_id, ends_at)
        outcomes = self._outcomes(runs, ends_at - min(MARGIN_SECONDS, remaining / 2))
        for run, outcome in zip(runs, outcomes, strict=True):
            count(outcome.name)
            logger.info(outcome.sentence, extra={"task_id": run.delivery.task_id, "receives": run.delivery.receives})
        flush_metrics()
        kept = [run.delivery.message_id for run, outcome in zip(runs, outcomes, strict=True) if outcome.keeps_message]
        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in kept]}

    def _runs(self, event: Mapping[str, Any], request_id: str, ends_at: float) -> list[Run]:
        runs = []
        for record in event["Records"]:
            try:
                runs.append(Run(self._settings, delivery_of(record), request_id, ends_at))
            except ForeignMessage:
                logger.warning("dropped a message that is no wake-up", extra={"message_id": record.get("messageId")})
        return runs

    def _outcomes(self, runs: list[Run], deadline: float) -> list[Outcome]:
        pool = ThreadPoolExecutor(self._concurrency, thread_name_prefix="task")
        # All are claimed before any runs: code that kills the process then takes no delivery that is not on record.
        wait([pool.submit(run.claim) for run in runs], timeout=deadline - time.monotonic())
        futures = [pool.submit(run) for run in runs]
        wait(futures, timeout=deadline - time.monotonic())
        pool.shutdown(wait=False, cancel_futures=True)
        # Threads of their own, since those of the pool may be blocked in task code for ever.
        with ThreadPoolExecutor(self._concurrency, thread_name_prefix="settle") as settlers:
            return list(settlers.map(Run.conclude, runs, futures))
