"""Processes that a test starts, interrupts and ends."""

import subprocess
import sys

# A program that is started in the background (`make test &`, nohup, some CI runners) is told to ignore SIGINT, and so
# is all that it starts; Python then takes no Ctrl-C. This undoes that, and becomes the program.
_UNDO = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"


def interruptible_python(*arguments: str) -> list[str]:
    """Return the command that runs Python with these arguments and is interrupted by SIGINT, whoever starts it."""
    return [sys.executable, "-c", _UNDO, sys.executable, *arguments]


def runs(process: int) -> bool:
    """Tell whether a process runs; one that is dead but not yet waited for does not."""
    command = ["ps", "-o", "stat=", "-p", str(process)]
    state = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return bool(state) and not state.startswith("Z")


def command_lines() -> str:
    """Return the command of every process, a line each, whole."""
    return subprocess.run(["ps", "-eww", "-o", "command="], capture_output=True, text=True, check=True).stdout
