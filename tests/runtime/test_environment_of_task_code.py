"""What Lambda gives the worker's process: whose libraries it finds, and what it says of those that are too old."""

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


def test_powertools_that_is_too_old_is_named(tmp_path: Path) -> None:
    library = tmp_path / "aws_lambda_powertools"
    library.mkdir()
    (library / "__init__.py").write_text("__version__ = '2.43.1'\nLogger = Metrics = object")
    (library / "metrics.py").write_text("MetricUnit = object")
    done = python("import task_runner.worker.entry", LAMBDA_TASK_ROOT=str(tmp_path))
    assert done.returncode == 1
    assert "ConfigError: the worker's package brings Powertools 2.43.1" in done.stderr
    assert "package 3.0 or newer" in done.stderr
