"""Only the entry needs an environment: all else of the API can be imported, and so tested, anywhere."""

import importlib.util
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

from task_runner import api

ENTRY = "task_runner.api.entry"
MODULES = sorted({module.name for module in pkgutil.walk_packages(api.__path__, "task_runner.api.")} - {ENTRY})


def imported(*modules: str) -> subprocess.CompletedProcess[str]:
    bare = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(api.__file__).parents[2])}
    code = f"import {', '.join(modules)}"
    return subprocess.run(
        [sys.executable, "-c", code], env=bare, capture_output=True, text=True, timeout=60, check=False
    )


def test_no_other_module_needs_an_environment() -> None:
    assert {"task_runner.api.dispatch", "task_runner.api.routes.submit"} <= set(MODULES)
    done = imported(*MODULES)
    assert done.returncode == 0, done.stderr


def test_entry_names_what_its_environment_lacks() -> None:
    done = imported(ENTRY)
    assert done.returncode != 0
    assert "TASK_RUNNER_TABLE_NAME is missing" in done.stderr


@pytest.mark.parametrize("module", MODULES)
def test_one_file_alone_knows_the_event_handler_of_powertools(module: str) -> None:
    found = importlib.util.find_spec(module)
    assert found
    assert ("event_handler" in Path(str(found.origin)).read_text()) == (module == "task_runner.api.dispatch")
