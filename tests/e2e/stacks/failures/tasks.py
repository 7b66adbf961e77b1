"""Task code that does what the payload says."""

from typing import Any

from task_runner import PermanentError, TaskContext


def handle(payload: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    match payload["do"]:
        case "raise":
            raise ValueError(payload["message"])
        case "give up":
            raise PermanentError(payload["message"])
        case "fail once" if context.attempt == 1:
            raise OSError("not yet")
    return {"attempt": context.attempt, "payload": payload}
