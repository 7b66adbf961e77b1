"""What the worker writes to its log."""

import json
import sys
from typing import Any
from unittest.mock import Mock

import pytest

from runtime.worker.given import MakeWorker, fails
from support.cloud import Cloud
from task_runner import TaskContext
from task_runner.errors import ServiceUnavailable
from task_runner.telemetry import logger

LINE = {"location", "timestamp", "service"}  # what every line of the log has besides level and message
WHY = {"frames"}  # see test_why


def test_log_lines_of_task_code_name_the_task(
    cloud: Cloud, worker: MakeWorker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(_payload: Any, context: TaskContext) -> None:
        context.logger.info("half way", extra={"page": 7})

    monkeypatch.setattr(logger.handlers[0], "stream", sys.stdout)
    task_id = cloud.put()
    worker(work).poll()
    (said,) = [line for line in map(json.loads, capsys.readouterr().out.splitlines()) if line.get("page")]
    assert said.items() >= {"level": "INFO", "message": "half way", "service": "unit", "task_id": task_id}.items()


def test_log_says_how_each_delivery_ended(
    cloud: Cloud, worker: MakeWorker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logger.handlers[0], "stream", sys.stdout)
    task_id = cloud.put()
    worker(fails).poll()
    lines = [line for line in map(json.loads, capsys.readouterr().out.splitlines()) if "message" in line]
    failed, ended = [{name: line[name] for name in line if name not in LINE | WHY} for line in lines]
    assert failed == {"level": "WARNING", "message": "attempt failed", "task_id": task_id, "error_type": "ValueError"}
    assert ended == {
        "level": "INFO",
        "message": "attempt failed, the task will be tried again",
        "task_id": task_id,
        "receives": 1,
    }


def test_log_says_what_cannot_be_reached(
    cloud: Cloud, worker: MakeWorker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logger.handlers[0], "stream", sys.stdout)
    monkeypatch.setattr(cloud.store, "claim", Mock(side_effect=ServiceUnavailable("down")))
    task_id = cloud.put()
    worker(fails).poll()
    first = json.loads(capsys.readouterr().out.splitlines()[0])
    assert {name: first[name] for name in first if name not in LINE} == {
        "level": "ERROR",
        "message": "dependency unavailable",
        "task_id": task_id,
        "reason": "down",
    }
