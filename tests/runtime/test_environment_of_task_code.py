"""What Lambda gives a function's process: whose libraries it finds, and what it logs beside those of task code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.paths import ROOT

LAYER = ROOT / "lambda_src"


def python(code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(LAYER), **variables}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The caller's package, with a library that a layer has too: the layer's own folder is searched first."""
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "__init__.py").write_text("OWNER = 'the caller'")
    return tmp_path


def test_callers_library_wins(package: Path) -> None:
    code = "import task_runner.worker.entry, demo; print(demo.OWNER)"
    assert python(code, LAMBDA_TASK_ROOT=str(package)).stdout == "the caller\n"
    assert "module 'demo' has no attribute 'OWNER'" in python(code).stderr  # the layer's, which has no owner


@pytest.mark.parametrize("function", ["api", "worker"])
def test_powertools_is_left_to_task_code(tmp_path: Path, function: str) -> None:
    library = tmp_path / "aws_lambda_powertools"
    library.mkdir()
    (library / "__init__.py").write_text("raise ImportError('made for another time')")
    done = python(
        f"import task_runner.{function}.entry", LAMBDA_TASK_ROOT=str(tmp_path), PYTHONPATH=f"{tmp_path}:{LAYER}"
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_logger_of_powertools_in_task_code_repeats_no_line() -> None:
    code = (
        "import os; from aws_lambda_powertools import Logger; from task_runner import telemetry\n"
        "telemetry.configure(os.environ); Logger().info('theirs'); telemetry.logger.info('ours')"
    )
    lines = [json.loads(line) for line in python(code).stdout.splitlines()]
    assert [(line["message"], line["service"]) for line in lines] == [("theirs", "unit"), ("ours", "unit")]


def test_log_has_the_level_that_was_asked_for() -> None:
    code = (
        "import os; from task_runner import telemetry\n"
        "telemetry.configure(os.environ); telemetry.logger.info('quiet'); telemetry.logger.warning('loud')"
    )
    (line,) = python(code, POWERTOOLS_LOG_LEVEL="WARNING").stdout.splitlines()
    assert json.loads(line)["message"] == "loud"
