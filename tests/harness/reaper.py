"""Ends what this process started if this process cannot do it itself, even after SIGKILL.

A small process of its own holds the reading end of a pipe. The kernel closes the writing end when the owner dies, for
whatever reason; the reaper then ends every process group and deletes every folder that is still on its list. It is
also run as a program, and so imports nothing but the standard library.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path

_GRACE = 3.0  # seconds between SIGTERM and SIGKILL


def group_is_alive(group: int) -> bool:
    """Tell whether any process of the group still runs (a zombie counts until its parent has waited for it)."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # the number was reused by somebody else's group
        return False
    return True


def end_group(group: int, grace: float = _GRACE) -> None:
    """End a process group: SIGTERM, then SIGKILL to what is left after `grace` seconds."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGTERM)
        deadline = time.monotonic() + grace
        while group_is_alive(group) and time.monotonic() < deadline:
            time.sleep(0.05)
        os.killpg(group, signal.SIGKILL)


def delete_folder(folder: Path) -> None:
    """Delete a folder, again if a dying process writes into it meanwhile. A folder that is gone is fine."""
    for _ in range(20):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        for place, _, _ in os.walk(folder):  # Lambda code's folders are read-only
            with contextlib.suppress(OSError):
                os.chmod(place, 0o700)  # noqa: PTH101 - where os.walk is, a string does
        time.sleep(0.1)
    shutil.rmtree(folder)  # raises with the reason


class Reaper:
    """The list of what must not outlive this process. Safe to use from several threads."""

    def __init__(self) -> None:
        """Start no process yet: the first entry does."""
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()

    def add(self, kind: str, value: int | Path) -> None:
        """Put a process `group` or a `folder` on the list."""
        self._tell(f"+{kind} {value}")

    def drop(self, kind: str, value: int | Path) -> None:
        """Take an entry off the list: its owner has cleaned up, or means it to stay."""
        self._tell(f"-{kind} {value}")

    def _tell(self, line: str) -> None:
        with self._lock:
            if self._process is None:
                self._process = subprocess.Popen(
                    [sys.executable, "-I", __file__],
                    stdin=subprocess.PIPE,
                    text=True,
                    start_new_session=True,  # a Ctrl-C in the terminal is not for the reaper
                )
            if self._process.stdin is None:
                raise RuntimeError("the reaper has no pipe to listen on")
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()


REAPER = Reaper()


def _serve(lines: Iterable[str]) -> None:
    groups: set[int] = set()
    folders: set[Path] = set()
    for line in lines:
        order, _, value = line.rstrip("\n").partition(" ")
        match order:
            case "+group":
                groups.add(int(value))
            case "-group":
                groups.discard(int(value))
            case "+folder":
                folders.add(Path(value))
            case "-folder":
                folders.discard(Path(value))
    for group in groups:
        end_group(group)
    for folder in folders:
        delete_folder(folder)


if __name__ == "__main__":
    _serve(sys.stdin)
