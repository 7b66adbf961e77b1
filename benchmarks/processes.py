"""The processes of an embedded AWS and the memory that they have, as Linux tells it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.errors import HarnessError

_PROCESSES = Path("/proc")


@dataclass(frozen=True)
class Process:
    """A process now.

    Attributes:
        function: the Lambda function whose code it runs; empty for all else.
        resident: MB that it has in memory, what it shares with others included.
        peak: the most of it, ever.
    """

    id: int
    function: str
    resident: float
    peak: float


def of_group(group: int) -> list[Process]:
    """Return what runs in a process group, an embedded AWS with its functions.

    Raises:
        HarnessError: this machine has no /proc to read it from.
    """
    if not (_PROCESSES / "self" / "status").is_file():
        raise HarnessError("Memory is read from Linux' /proc, which this machine does not have.")
    return [process for folder in _PROCESSES.glob("[0-9]*") for process in _read(folder, group)]


def _read(folder: Path, group: int) -> Iterator[Process]:
    try:
        # After the name, which may hold anything: state, parent, group.
        if int((folder / "stat").read_text().rpartition(")")[2].split()[2]) != group:
            return
        told = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
        environment = dict(pair.split("=", 1) for pair in (folder / "environ").read_text().split("\0") if "=" in pair)
    except OSError:  # it has ended meanwhile
        return
    if "VmRSS" in told:  # else it has ended, and nobody has asked yet how
        resident, peak = (int(told[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))
        yield Process(int(folder.name), environment.get("AWS_LAMBDA_FUNCTION_NAME", ""), resident, peak)
