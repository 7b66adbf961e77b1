import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from harness.waiting import poll
from support.processes import runs
from task_runner import PermanentError, RetryLater
from task_runner.errors import InvalidResult, TimedOut, WorkerLost
from task_runner.progress import Progress
from task_runner.testing import task_context
from task_runner.worker.isolated import run_isolated

CODE = """
import os, time
from task_runner import PermanentError, RetryLater
class Unlucky(PermanentError): pass
async def handle(payload, context):
    if payload == "raise": raise LookupError("no luck")
    if payload == "permanent": raise Unlucky("never")
    if payload == "later": raise RetryLater(7, "busy")
    if payload == "exit": os._exit(3)
    if payload == "no json": return object()
    if payload == "hang": time.sleep(120)
    if payload == "reports":
        context.progress(0.5, "half")
        context.progress(1)
    if payload == "wrong reports":
        context.progress(2, "too far")
        context.progress(float("nan"))
        context.progress("0.7")
    if payload == "leave a child":
        return __import__("subprocess").Popen(["sleep", "60"]).pid
    if payload == "search":
        return __import__("sys").path
    if payload == "log":
        print("task code may print", flush=True)
        context.logger.debug("not at this level")
        context.logger.info("%s per cent", 50, extra={"page": 7})
        try: 1 / 0
        except ZeroDivisionError: context.logger.exception("odd")
        return sorted(__import__("sys").modules)
    return [payload, context.task_id, context.attempt, context.remaining_seconds() > 1]
"""


@pytest.fixture(autouse=True)
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "isolated_tasks.py").write_text(CODE)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])


def run(payload: Any, seconds: float = 30, reports: list[Progress] | None = None) -> Any:
    context = task_context(task_id="t", attempt=2, seconds=seconds, reports=reports)
    return run_isolated("isolated_tasks.handle", payload, context)


def test_result_comes_back() -> None:
    assert run({"n": "ü"}) == [{"n": "ü"}, "t", 2, True]


def test_process_that_ends_is_lost_and_harms_nobody() -> None:
    with pytest.raises(WorkerLost, match="ended its process with code 3"):
        run("exit")


def test_code_that_hangs_is_killed_in_time() -> None:
    began = time.monotonic()
    with pytest.raises(TimedOut):
        run("hang", seconds=1)
    assert time.monotonic() - began < 60, "its sleep was waited for"


@pytest.mark.parametrize(
    ("payload", "error", "message"),
    [("permanent", PermanentError, "never"), ("later", RetryLater, "busy"), ("no json", InvalidResult, "not JSON")],
)
def test_what_steers_a_retry_keeps_its_meaning(payload: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message) as raised:
        run(payload)
    assert getattr(raised.value, "seconds", 7) == 7


def test_other_errors_keep_name_and_message() -> None:
    with pytest.raises(Exception, match="no luck") as raised:
        run("raise")
    assert type(raised.value).__name__ == "LookupError"


def test_reports_come_back() -> None:
    reports: list[Progress] = []
    run("reports", reports=reports)
    poll(lambda: len(reports) == 2, seconds=30)
    assert reports == [Progress(0.5, "half"), Progress(1.0, "")]


def test_wrong_reports_are_warned_of_once_and_fail_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    reports: list[Progress] = []
    assert run("wrong reports", reports=reports)[0] == "wrong reports"
    poll(lambda: len(reports) == 1, seconds=30)
    assert reports == [Progress(1.0, "too far")]
    (line,) = map(json.loads, capfd.readouterr().err.splitlines())
    told = {"level": "WARNING", "message": "progress takes a number from 0 to 1: it is shown as 1", "task_id": "t"}
    assert line.items() >= told.items()


def test_what_it_leaves_running_holds_nothing_up() -> None:
    left = run("leave a child")
    try:
        assert runs(left), "it was waited for"
    finally:
        os.kill(left, signal.SIGKILL)


def test_it_finds_modules_where_its_parent_does_and_in_that_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path.parent)
    assert run("search") == sys.path


def test_its_log_looks_like_the_workers_and_leaves_the_standard_output_alone(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "orders")
    imported = run("log")
    out, log = capfd.readouterr()
    assert out == ""
    said, half, odd = log.splitlines()
    assert said == "task code may print"
    expected = {"level": "INFO", "message": "50 per cent", "service": "orders", "task_id": "t", "page": 7}
    assert json.loads(half).items() >= expected.items()
    assert "ZeroDivisionError" in json.loads(odd)["exception"]
    heavy = {"aws_lambda_powertools", "boto3"}
    assert not heavy.intersection(imported), "a process for one task must start quickly"
