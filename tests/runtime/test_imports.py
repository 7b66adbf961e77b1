"""Only an entry reads the environment; whatever else is imported can be imported anywhere."""

import json
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

from harness.paths import ROOT

LAYER = ROOT / "lambda_src"
MODULES = [module.name for module in pkgutil.walk_packages([str(LAYER / "task_runner")], "task_runner.")]
ENTRIES = [name for name in MODULES if name.endswith(".entry")]

# A read belongs to the module whose body is the innermost one under way: what a library does while it is imported is
# its own affair, what it is asked to do by a module of ours is ours.
IMPORT_AND_TELL = """
import importlib, json, os, sys

class Environment(dict):
    def __getitem__(self, name):
        note(name)
        return super().__getitem__(name)

    def get(self, name, default=None):
        note(name)
        return super().get(name, default)

    def __contains__(self, name):
        note(name)
        return super().__contains__(name)

    def __iter__(self):
        note("*")
        return super().__iter__()

    def copy(self):
        note("*")
        return super().copy()

def note(name):
    frame = sys._getframe()
    while frame and frame.f_code.co_name != "<module>":
        frame = frame.f_back
    module = frame.f_globals["__name__"] if frame else ""
    if module.startswith("task_runner"):
        reads.append([module, name])

reads = []
os.environ = Environment(os.environ)
for module in sys.argv[1:]:
    importlib.import_module(module)
print(json.dumps(reads))
"""


def reads(modules: list[str], environment: dict[str, str]) -> list[list[str]]:
    """Import the modules in a new process; return who read which variable."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_AND_TELL, *modules],
        env={**environment, "PYTHONPATH": str(LAYER)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    told: list[list[str]] = json.loads(done.stdout)
    return told


def test_nothing_but_an_entry_reads_the_environment() -> None:
    assert len(MODULES) > 20
    assert reads([name for name in MODULES if name not in ENTRIES], {}) == []


@pytest.mark.parametrize("entry", ENTRIES)
def test_entry_reads_it_itself(entry: str) -> None:
    told = reads([entry], dict(os.environ))
    assert {module for module, _ in told} == {entry}
    assert [entry, "TASK_RUNNER_TABLE_NAME"] in told


def test_each_function_has_an_entry() -> None:
    assert ENTRIES == ["task_runner.api.entry", "task_runner.worker.entry"]


@pytest.mark.parametrize(("form", "imported"), [("def", "False"), ("async def", "True")])
def test_event_loops_are_imported_before_the_first_task_and_only_for_async_code(
    tmp_path: Path, form: str, imported: str
) -> None:
    (tmp_path / "some_tasks.py").write_text(f"{form} handle(payload, context): return payload")
    done = subprocess.run(
        [sys.executable, "-c", "import sys, task_runner.worker.entry; print('asyncio' in sys.modules)"],
        env={**os.environ, "PYTHONPATH": f"{LAYER}:{tmp_path}", "TASK_RUNNER_HANDLER": "some_tasks.handle"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() == imported


def test_task_code_needs_neither_aws_nor_a_dependency() -> None:
    code = (
        "import sys, task_runner.context, task_runner.errors, task_runner.progress, task_runner.testing\n"
        "from task_runner import TaskContext, PermanentError, RetryLater\n"
        "task_runner.testing.task_context().progress(1)\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} - sys.stdlib_module_names - {'__main__'}))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],  # -S: no site-packages, and so neither boto3 nor Powertools
        env={"PYTHONPATH": str(LAYER)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "['task_runner']\n"
