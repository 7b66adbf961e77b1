"""A process with all that it has started, as Linux tells of it; elsewhere it stands alone."""

import contextlib
import os
import signal
from collections.abc import Iterator

_PROCESSES = "/proc"
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def tree(process: int) -> Iterator[int]:
    """Yield a process and, each before its own, all that it has started and that still run."""
    yield process
    for thread in _listed(threads := f"{_PROCESSES}/{process}/task"):
        for child in _read(f"{threads}/{thread}/children").split():
            yield from tree(int(child))


def memory(process: int) -> dict[int, int]:
    """Return the bytes that a process and each below it have in use; nothing where nobody can tell.

    What they share, such as libraries, counts once, with the first.
    """
    pages = {one: _pages(one) for one in tree(process)}
    shared = max(shared for _, shared in pages.values())
    return {one: (own + (shared if one == process else 0)) * _PAGE_BYTES for one, (own, _) in pages.items()}


def kill_tree(process: int) -> None:
    """End a process and all below it at once."""
    for one in [*tree(process)]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)


def _pages(process: int) -> tuple[int, int]:
    """Count the pages of its own that a process has in use, and those that it may share."""
    told = _read(f"{_PROCESSES}/{process}/statm").split()
    resident, shared = (int(told[1]), int(told[2])) if told else (0, 0)
    return resident - shared, shared


def _listed(folder: str) -> list[str]:
    """List a folder; one of a process that has just ended is empty."""
    with contextlib.suppress(OSError):
        return os.listdir(folder)  # noqa: PTH208 - these few lines run 20 times a second
    return []


def _read(file: str) -> str:
    """Read a file; one of a process that has just ended is empty."""
    with contextlib.suppress(OSError), open(file) as opened:  # noqa: PTH123 - the same
        return opened.read()
    return ""
