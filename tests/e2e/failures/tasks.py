"""Task code that does what the payload says."""

import time
from pathlib import Path
from typing import Any

from task_runner import PermanentError, TaskContext


def handle(payload: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    match payload["do"]:
        case "raise":
            raise ValueError(payload["message"])
        case "give up":
            raise PermanentError(payload["message"])
        case "report":
            context.progress(0.5, payload["message"])
            stay(Path(payload["until"]))
        case "fail once" if context.attempt == 1:
            raise OSError("not yet")
        case "fail twice" if context.attempt <= 2:
            raise OSError("not yet")
    return {"attempt": context.attempt, "payload": payload}


def stay(until: Path) -> None:
    """Go on until there is a file, which the test makes once it has seen enough; on AWS it cannot: for 20 s."""
    ends_at = time.monotonic() + 20
    while not until.exists() and time.monotonic() < ends_at:
        time.sleep(0.05)
