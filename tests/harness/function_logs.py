"""What the functions on a kept embedded AWS write, as they write it, in lines for a person."""

import re
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from harness.embedded import EmbeddedAws
from harness.log_lines import Line, line_of, readable
from harness.printed import Prints

# What the server says of itself, where it matters: "2026-01-31 10:00:00 WARNING [lambda] ...".
_COMPLAINT = re.compile(r"[\d-]{10} [\d:]{8} (?P<level>WARNING|ERROR|CRITICAL) \[[\w.]+\] (?P<message>.*)")


class FunctionLogs:
    """Follows the functions' output and the server's complaints, from where they are now."""

    def __init__(self, server: EmbeddedAws, names: Mapping[str, str], *, from_start: bool = False) -> None:
        """`names` says how to call each function; one it does not know is shown by its own name.

        `from_start` begins with all that the functions have written before, one process after the other.
        """
        self.names = names
        self._output = server.output
        self._complaints = Tail(server.log, from_end=True)
        self._tails = {} if from_start else {path: Tail(path, from_end=True) for path in self._files()}
        self._prints = {path: Prints() for path in self._tails}
        self._is_past = from_start

    def lines(self) -> Iterator[Line]:
        """Yield what was written since the last call; a print a moment later, see `Prints`."""
        now, moment = f"{datetime.now().astimezone():%H:%M:%S}", time.monotonic()
        then = "" if self._is_past else now
        self._is_past = False
        for path in self._files():
            first = path not in self._tails
            lines = self._tails.setdefault(path, Tail(path)).lines()
            for text, task_id in self._prints.setdefault(path, Prints()).read(lines, moment, first=first):
                yield from readable(then, self._name(path), text, task_id)
        for text in self._complaints.lines():
            if found := _COMPLAINT.match(text):
                yield line_of(now, "server", found["level"], "", found["message"])

    def _name(self, path: Path) -> str:
        function = path.name.partition(".")[0]
        return self.names.get(function, function)

    def _files(self) -> list[Path]:
        return sorted(self._output.glob("*.log"))


class Tail:
    """Reads what is added to a file."""

    def __init__(self, path: Path, *, from_end: bool = False) -> None:
        """Begin at the file's start, or at what is its end now. A file that is not there yet is empty."""
        self._path = path
        self._place = path.stat().st_size if from_end and path.is_file() else 0
        self._rest = b""

    def lines(self) -> list[str]:
        """Return the lines that were added; one without an end when nothing has come to it since the last call."""
        added = self._added()
        if self._rest and not added:
            added = b"\n"
        *whole, self._rest = (self._rest + added).split(b"\n")
        return [line.decode(errors="replace") for line in whole]

    def _added(self) -> bytes:
        try:
            if self._path.stat().st_size <= self._place:
                return b""
            with self._path.open("rb") as file:
                file.seek(self._place)
                added = file.read()
        except FileNotFoundError:
            return b""
        self._place += len(added)
        return added
