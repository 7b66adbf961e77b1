"""Runs one attempt in a process of its own, for a task that was running when its last process died.

Tasks of a batch share a process. Whichever of them ended it may do so again; alone in a child it harms nobody.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from task_runner.context import ReportProgress, TaskContext
from task_runner.errors import InvalidResult, PermanentError, RetryLater, TimedOut, WorkerLost
from task_runner.worker.failure import carrying

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
        asked = json.dumps({"handler": handler, "payload": payload, "context": told, "path": sys.path})
        code = _run(outcome, asked.encode(), context)
        if not outcome.is_file():
            raise WorkerLost(f"the task code ended its process with code {code}")
        return _outcome(json.loads(outcome.read_text()))


def _run(outcome: Path, asked: bytes, context: TaskContext) -> int:
    reports, report_to = os.pipe()
    command = [sys.executable, "-m", "task_runner.worker.isolated_child", str(outcome), str(report_to)]
    # Lambda puts layers and task code on sys.path itself, where a child would not find them.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    # What it prints is a log, and this process' standard output may be how it answers: hence stdout=2.
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=2, env=environment, pass_fds=[report_to])
    os.close(report_to)
    threading.Thread(target=_relay, args=(reports, context.progress), daemon=True).start()
    try:
        child.communicate(asked, timeout=context.remaining_seconds())
    except subprocess.TimeoutExpired:
        raise TimedOut("the task code was still running when the worker's timeout came") from None
    finally:
        child.kill()
        child.wait()
    return child.returncode


def _relay(reports: int, progress: ReportProgress) -> None:
    with open(reports) as lines:  # until the child, and all that it started, have ended
        for line in lines:
            progress(*json.loads(line))


def _outcome(told: dict[str, Any]) -> Any:
    if "type" not in told:
        return told["result"]
    raise carrying(_error(told), told["frames"])


def _error(told: dict[str, Any]) -> Exception:
    if told["seconds"] is not None:
        return RetryLater(told["seconds"], told["message"])
    known = {error.__name__: error for error in (PermanentError, InvalidResult)}
    kind: type[Exception] = known.get(told["type"], type(told["type"], (Exception,), {}))
    return kind(told["message"])
