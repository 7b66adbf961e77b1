"""Greets, and says so while it works."""

import time
from pathlib import Path
from typing import Any

from task_runner import PermanentError, TaskContext

GREETING = "hello"


def handle(payload: Any, context: TaskContext) -> dict[str, str]:
    """Greet `payload["name"]`, after so many `payload["seconds"]`, and once there is a file `payload["until"]`."""
    print("a plain print")
    try:
        time.sleep(float(payload.get("seconds", 0)))
    except ValueError:
        context.logger.exception("no number")
        raise
    while not Path(payload.get("until", "/")).exists():
        time.sleep(0.05)
    if "name" not in payload:
        raise PermanentError("the payload needs a name")
    context.logger.info("greeting %s", payload["name"])
    return {"greeting": f"{GREETING} {payload['name']}"}
