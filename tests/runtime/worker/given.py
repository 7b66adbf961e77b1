"""What several tests of the worker start with."""

from collections.abc import Callable
from typing import Any

import pytest

from support.cloud import Cloud, Worker
from task_runner import TaskContext

MakeWorker = Callable[..., Worker]


def fails(_payload: Any, _context: TaskContext) -> None:
    raise ValueError("no luck")


def visibility(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Record every visibility timeout that is asked for."""
    seen: list[int] = []
    change = cloud.sqs.change_message_visibility

    def record(**parameters: Any) -> None:
        seen.append(parameters["VisibilityTimeout"])
        change(**parameters)

    monkeypatch.setattr(cloud.sqs, "change_message_visibility", record)
    return seen
