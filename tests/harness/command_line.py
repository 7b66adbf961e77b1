"""Lines for the shell from which the harness was called: they run in the folder where they are printed."""

import os
import shlex
import sys
from pathlib import Path

from harness.paths import ROOT

CALLER_VARIABLE = "TASK_RUNNER_CALLED_IN"  # the Makefile says where make was called, since it runs commands elsewhere
_PYTHON = os.path.normpath(sys.executable)  # as make calls it: tests/../.venv/harness/bin/python


def caller_folder() -> Path:
    """Return the folder of the shell from which the harness was called."""
    return Path(os.environ.get(CALLER_VARIABLE) or Path.cwd())


def command_line(command: str, example: str, instance: str = "", **given: str) -> str:
    """Return how to call another command of the harness: by make, or by Python with the folder `harness` as program.

    `instance` is which instance of the module, if that has to be said. `given` are variables for make, and for Python
    the same values by their place.
    """
    if "MAKELEVEL" not in os.environ:  # make sets it for what it runs
        which = ["--instance", instance] if instance else []
        return f"{program()} {shlex.join([command, *given.values(), '--example', example, *which])}"
    elsewhere = CALLER_VARIABLE in os.environ and caller_folder().resolve() != ROOT
    variables = {**given, "EXAMPLE": example if example != "basic" else "", "INSTANCE": instance}
    words = ["make", *(["-C", shlex.quote(str(ROOT))] if elsewhere else []), command]
    return " ".join((*words, *(f"{name}={shlex.quote(value)}" for name, value in variables.items() if value)))


def program() -> str:
    """Return how a shell calls the harness from where it is."""
    return shlex.join([_PYTHON, os.path.relpath(Path(__file__).parent)])


def task_runner(*arguments: str) -> str:
    """Return how to call the client's command, which is installed beside the harness' own Python."""
    return shlex.join([str(Path(_PYTHON).with_name("task-runner")), *arguments])
