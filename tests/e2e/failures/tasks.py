"""Task code that does what the payload says."""

import time
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
            time.sleep(2)
        case "fail once" if context.attempt == 1:
            raise OSError("not yet")
    return {"attempt": context.attempt, "payload": payload}
