"""Counts the words of a text: put what your tasks do in its place."""

from typing import Any

from task_runner import PermanentError, TaskContext


def handle(payload: Any, context: TaskContext) -> dict[str, int]:
    """Take the payload of a task, and return its result: anything that JSON can hold."""
    text = payload.get("text") if isinstance(payload, dict) else None
    if not isinstance(text, str):
        raise PermanentError("the payload must be an object with a text")
    context.progress(0.5, "counting")
    context.logger.info("counting", extra={"characters": len(text)})
    return {"words": len(text.split())}
