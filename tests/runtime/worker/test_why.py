"""What the log says of a failed attempt: where it failed, and nothing that a payload could be read from."""

import json
import sys
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from runtime.worker.given import MakeWorker
from support.cloud import Cloud
from task_runner import PermanentError, RetryLater, TaskContext
from task_runner.errors import HandlerUnavailable
from task_runner.telemetry import logger
from task_runner.testing import task_context
from task_runner.worker.failure import frames_of
from task_runner.worker.isolated import run_isolated
from task_runner.worker.run import Run
from task_runner.worker.task_code import load

PLANTED = "4111-1111-1111"
MODULE = """
from task_runner import RetryLater
def handle(payload, context):
    return charge(payload["card"])
def charge(card):
    try:
        raise ValueError(f"card {card} refused")
    except ValueError as error:
        if card == "later": raise RetryLater(3)
        raise LookupError(f"no account of {card}") from error
"""


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    stream = StringIO()
    monkeypatch.setattr(logger.handlers[0], "stream", stream)
    return stream


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "card_tasks.py"
    file.write_text(MODULE)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.delitem(sys.modules, "card_tasks", raising=False)
    return file


def said(log: StringIO, message: str) -> dict[str, Any]:
    """The one line of the log with this message; nothing else in it may hold what was planted."""
    lines: list[dict[str, Any]] = [json.loads(line) for line in log.getvalue().splitlines()]
    (line,) = [line for line in lines if line.get("message") == message]
    assert PLANTED not in json.dumps([other for other in lines if other is not line])
    return line


def charge(payload: Any, _context: TaskContext) -> None:
    refuse(payload["card"])


def refuse(card: str) -> None:
    raise ValueError(f"card {card} refused")


async def charge_later(payload: Any, context: TaskContext) -> None:
    charge(payload, context)


def functions(line: dict[str, Any]) -> list[str]:
    assert all(frame.keys() == {"file", "line", "function"} for frame in line["frames"])
    return [frame["function"] for frame in line["frames"]]


@pytest.mark.parametrize(("code", "path"), [(charge, []), (charge_later, ["charge_later"])], ids=["sync", "async"])
def test_failed_attempt_is_logged_with_the_frames_of_task_code(
    cloud: Cloud, worker: MakeWorker, log: StringIO, code: Any, path: list[str]
) -> None:
    cloud.put({"card": PLANTED})
    worker(code).poll()
    line = said(log, "attempt failed")
    assert functions(line) == [*path, "charge", "refuse"]
    assert line["frames"][-1] == {"file": __file__, "line": refuse.__code__.co_firstlineno + 1, "function": "refuse"}


def test_text_of_an_exception_is_not_logged(
    cloud: Cloud, worker: MakeWorker, log: StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    task_id = cloud.put({"card": PLANTED})
    worker(charge).poll_until_dead()
    assert log.getvalue().count('"message":"attempt failed"') == 3
    assert PLANTED not in "".join((log.getvalue(), *capfd.readouterr()))
    told = cloud.task(task_id).error
    assert told is not None
    assert told.message == f"card {PLANTED} refused"


def test_text_of_an_exception_is_logged_where_it_is_wanted(cloud: Cloud, worker: MakeWorker, log: StringIO) -> None:
    cloud.put({"card": PLANTED})
    worker(charge, log_error_text=True).poll()
    line = said(log, "attempt failed")
    assert (line["error_type"], line["error_text"]) == ("ValueError", f"card {PLANTED} refused")


def test_a_run_that_breaks_in_the_runtime_tells_no_text_either(
    cloud: Cloud, worker: MakeWorker, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cloud.store, "complete", Mock(return_value=True))
    monkeypatch.setattr(Run, "_perform", Mock(side_effect=TypeError(PLANTED)))
    cloud.put()
    worker(charge).poll()
    line = said(log, "run failed")
    assert PLANTED not in json.dumps(line)
    assert (line["level"], line["error_type"]) == ("ERROR", "TypeError")
    assert functions(line)[0] == "conclude"


def test_isolated_attempt_brings_its_frames_along(module: Path) -> None:
    with pytest.raises(Exception, match="no account") as raised:
        run_isolated("card_tasks.handle", {"card": PLANTED}, task_context())
    frames = frames_of(raised.value)
    assert frames == [
        {"file": str(module), "line": 4, "function": "handle"},
        {"file": str(module), "line": 10, "function": "charge"},
    ]


def test_isolated_attempt_that_wants_a_later_try_says_where(module: Path) -> None:
    with pytest.raises(RetryLater) as raised:
        run_isolated("card_tasks.handle", {"card": "later"}, task_context())
    assert frames_of(raised.value)[-1] == {"file": str(module), "line": 9, "function": "charge"}


def test_isolated_attempt_logs_no_text(module: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert module.is_file()
    with pytest.raises(Exception, match=PLANTED):
        run_isolated("card_tasks.handle", {"card": PLANTED}, task_context())
    assert PLANTED not in "".join(capfd.readouterr())


def test_import_that_fails_is_told_with_its_own_frames(module: Path) -> None:
    module.write_text("def look():\n    {}['table']\n\nlook()\n")
    for _ in range(2):  # each task that meets it tells the same
        with pytest.raises(HandlerUnavailable) as raised:
            load("card_tasks.handle")({}, task_context())
        assert frames_of(raised.value) == [
            {"file": str(module), "line": 4, "function": "<module>"},
            {"file": str(module), "line": 2, "function": "look"},
        ]


def test_what_the_runtime_itself_finds_has_no_frames(cloud: Cloud, worker: MakeWorker, log: StringIO) -> None:
    cloud.put()
    worker(lambda *_: object()).poll()
    line = said(log, "attempt failed")
    assert (line["error_type"], "frames" in line) == ("InvalidResult", False)


def test_of_many_frames_the_outer_and_the_inner_ones_are_told(cloud: Cloud, worker: MakeWorker, log: StringIO) -> None:
    def dig(depth: int) -> None:
        if depth == 0:
            raise PermanentError("too deep")
        dig(depth - 1)

    def work(_payload: Any, _context: TaskContext) -> None:
        dig(200)

    cloud.put()
    worker(work).poll()
    assert functions(said(log, "attempt failed")) == ["work", *["dig"] * 39]
