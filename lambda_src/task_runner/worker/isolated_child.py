"""The process of one isolated attempt. It imports as little as it can: time to start counts against the task.

python -m task_runner.worker.isolated_child outcome-file progress-pipe < {"handler", "payload", "context", "path"}
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from task_runner.context import TaskContext
from task_runner.errors import PermanentError
from task_runner.progress import Progress, Reporter
from task_runner.record.payload import dump
from task_runner.record.task import TaskError
from task_runner.telemetry import configure, logger
from task_runner.worker.failure import frames_of
from task_runner.worker.task_code import load
from task_runner.worker.task_logger import task_logger


def main(outcome: Path, report_to: int) -> None:
    """Run what standard input asks for, and write how it ended."""
    os.set_inheritable(report_to, False)  # else whatever the task code starts would hold the pipe open
    asked = json.load(sys.stdin)
    sys.path[:] = asked["path"]  # -m puts the working folder first, before the caller's package
    outcome.write_text(_attempt(asked["handler"], asked["payload"], _context(asked["context"], report_to)))


def _context(told: dict[str, Any], report_to: int) -> TaskContext:
    def show(progress: Progress) -> None:
        os.write(report_to, json.dumps([progress.fraction, progress.message]).encode() + b"\n")

    ends_at = time.monotonic() + told.pop("remaining_seconds")
    configure(os.environ)
    logs = task_logger(told["task_id"], logger)
    return TaskContext(
        **told,
        remaining_seconds=lambda: max(0.0, ends_at - time.monotonic()),
        logger=logs,
        progress=Reporter(show, logs),
    )


def _attempt(handler: str, payload: Any, context: TaskContext) -> str:
    try:
        result = load(handler)(payload, context)
    except BaseException as error:  # noqa: BLE001 - task code may raise anything, SystemExit too
        permanent = {"type": "PermanentError"} if isinstance(error, PermanentError) else {}
        told = {"seconds": getattr(error, "seconds", None), "frames": frames_of(error)}
        return json.dumps(vars(TaskError.of(error)) | told | permanent)
    try:
        return '{"result": ' + dump(result) + "}"
    except (TypeError, ValueError, RecursionError) as error:
        told = {"message": f"the result is not JSON: {error}", "seconds": None, "frames": []}
        return json.dumps({"type": "InvalidResult", **told})


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
