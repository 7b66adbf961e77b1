"""Lines for the shell from which the harness was called: they run in the folder where they are printed."""

import os
import shlex
import sys
from pathlib import Path

_PYTHON = os.path.normpath(sys.executable)  # as make calls it: tests/../.venv/harness/bin/python


def command_line(command: str, example: str) -> str:
    """Return how to call another command of the harness: by make from the root, by Python from the folder `tests`."""
    if "MAKELEVEL" in os.environ:  # make sets it for what it runs
        return f"make {command}" if example == "basic" else f"make {command} EXAMPLE={shlex.quote(example)}"
    return shlex.join([_PYTHON, "-m", "harness", command, "--example", example])


def task_runner(*arguments: str) -> str:
    """Return how to call the client's command, which is installed beside the harness' own Python."""
    return shlex.join([str(Path(_PYTHON).with_name("task-runner")), *arguments])
