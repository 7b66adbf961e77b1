"""The task code of a module that was given none: works for a while and returns what it was sent."""

import time
from typing import Any

from task_runner import PermanentError, TaskContext


def handle(payload: Any, context: TaskContext) -> dict[str, Any]:
    """Work for `payload["seconds"]` (default 1) and echo the payload."""
    seconds = payload.get("seconds", 1) if isinstance(payload, dict) else 1
    if not isinstance(seconds, (int, float)) or not 0 <= seconds <= context.remaining_seconds():
        raise PermanentError("seconds must be a number from 0 to what the worker's timeout leaves")
    time.sleep(seconds)
    return {"echo": payload}
