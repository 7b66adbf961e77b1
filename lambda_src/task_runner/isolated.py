"""Runs one attempt in a process of its own, for a task that was running when its last process died.

Tasks of a batch share a process. Whichever of them ended it may do so again; alone in a child it harms nobody.

    python -m task_runner.isolated module.function outcome-file < {"payload": ..., "context": {...}}
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from task_runner.context import TaskContext
from task_runner.errors import InvalidResult, PermanentError, RetryLater, TimedOut, WorkerLost
from task_runner.payload import dump
from task_runner.task import TaskError
from task_runner.task_code import load
from task_runner.task_logger import plain_logger, task_logger

_TOLD = ("task_id", "attempt", "max_attempts", "created_at")


def run_isolated(handler: str, payload: Any, context: TaskContext) -> Any:
    """Call `module.function` in a child process and return what it returns.

    Raises:
        WorkerLost: the child ended without an outcome.
        TimedOut: it was still running when the attempt had to end; it has been killed.
        Exception: what the task code raised, as an exception of the same name.
    """
    told = {name: getattr(context, name) for name in _TOLD} | {"remaining_seconds": context.remaining_seconds()}
    with tempfile.TemporaryDirectory() as folder:
        outcome = Path(folder) / "outcome"
        command = [sys.executable, "-m", "task_runner.isolated", handler, str(outcome)]
        # Lambda puts layers and task code on sys.path itself, where a child would not find them.
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        try:
            child = subprocess.run(
                command,
                input=json.dumps({"payload": payload, "context": told}).encode(),
                stdout=2,  # what it prints is a log, and the standard output may be how this process answers
                env=environment,
                timeout=context.remaining_seconds(),
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise TimedOut("the task code was still running when the worker's timeout came") from None
        if not outcome.is_file():
            raise WorkerLost(f"the task code ended its process with code {child.returncode}")
        return _outcome(json.loads(outcome.read_text()))


def _outcome(told: dict[str, Any]) -> Any:
    if "type" not in told:
        return told["result"]
    if told["seconds"] is not None:
        raise RetryLater(told["seconds"], told["message"])
    known = {error.__name__: error for error in (PermanentError, InvalidResult)}
    raise known.get(told["type"], type(told["type"], (Exception,), {}))(told["message"])


def _attempt(handler: str) -> str:
    told = json.load(sys.stdin)
    ends_at = time.monotonic() + told["context"].pop("remaining_seconds")
    context = TaskContext(
        **told["context"],
        remaining_seconds=lambda: max(0.0, ends_at - time.monotonic()),
        logger=task_logger(told["context"]["task_id"], plain_logger()),
    )
    try:
        result = load(handler)(told["payload"], context)
    except BaseException as error:  # noqa: BLE001 - task code may raise anything, SystemExit too
        permanent = {"type": "PermanentError"} if isinstance(error, PermanentError) else {}
        return json.dumps(vars(TaskError.of(error)) | {"seconds": getattr(error, "seconds", None)} | permanent)
    try:
        return '{"result": ' + dump(result) + "}"
    except (TypeError, ValueError, RecursionError) as error:
        return json.dumps({"type": "InvalidResult", "message": f"the result is not JSON: {error}", "seconds": None})


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(_attempt(sys.argv[1]))
