"""What an answer is, and the errors, whose codes and sentences stand in errors.json."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

from task_runner.errors import TaskRunnerError
from task_runner.record import history
from task_runner.record.task import Status, Task

POLL_SECONDS = "1"
"""When it is worth asking again, for the header `Retry-After`."""

_ERRORS = json.loads(Path(__file__).with_name("errors.json").read_text(encoding="utf-8"))["function"]


@dataclass(frozen=True)
class Answer:
    """One answer; the body is anything that JSON can hold, or None where there is none."""

    status: HTTPStatus
    body: Mapping[str, Any] | None
    headers: Mapping[str, str] = field(default_factory=dict)


class Refused(TaskRunnerError):
    """The request is answered with an error.

    Args:
        code: which one of errors.json.
        headers: what the answer carries on top.
        blanks: what fills the braces of its sentence.

    Raises:
        LookupError: errors.json has no such code, or a brace of its sentence is left over.
    """

    def __init__(self, code: str, headers: Mapping[str, str] | None = None, **blanks: object) -> None:
        known = _ERRORS[code]
        sentence = known["error"].format(**blanks)
        super().__init__(sentence)
        self.answer = Answer(HTTPStatus(known["status"]), {"error": sentence, "code": code}, headers or {})


def view(task: Task) -> dict[str, Any]:
    """Show a task; what does not exist yet is left out."""
    shown: dict[str, Any] = {
        "taskId": task.task_id,
        "status": task.status.value,
        "attempts": task.attempts,
        "createdAt": task.created_at,
        "updatedAt": task.updated_at,
        "startedAt": task.started_at,
        "completedAt": task.completed_at,
        "progress": vars(task.progress) if task.progress else None,
        "error": vars(task.error) if task.error else None,
        "history": history.shown(task.history, task.attempts, running=task.status is Status.PROCESSING) or None,
    }
    shown = {name: value for name, value in shown.items() if value is not None}
    return shown if task.result is None else {**shown, "result": json.loads(task.result)}


def come_back(task: Task) -> dict[str, str]:
    """Tell when to ask again; a task that has ended needs no more asking."""
    return {} if task.status.terminal else {"Retry-After": POLL_SECONDS}
