"""What the functions on a kept embedded AWS write, as they write it, in lines for a person."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from harness.embedded import EmbeddedAws

_OF_EVERY_LINE = {"level", "location", "message", "timestamp", "service", "task_id"}
_TRACEBACK = {"exception", "exception_name", "stack_trace"}
_STYLES = {"WARNING": "yellow", "ERROR": "red", "CRITICAL": "red"}
# What the server says of itself, where it matters: "2026-01-31 10:00:00 WARNING [lambda] ...".
_COMPLAINT = re.compile(r"[\d-]{10} [\d:]{8} (?P<level>WARNING|ERROR|CRITICAL) \[[\w.]+\] (?P<message>.*)")
# Where the server unpacks code and layers: a traceback reads better without it.
_UNPACKED = re.compile(r'[^"\s]*/ministack-lambda-[^/]+/(?:code|layer_\d+/python)/')


@dataclass(frozen=True)
class Line:
    """One line to show, and how a terminal shows it."""

    text: str
    style: str = ""


class FunctionLogs:
    """Follows the functions' output and the server's complaints, from where they are now."""

    def __init__(self, server: EmbeddedAws, names: Mapping[str, str]) -> None:
        """`names` says how to call each function; one it does not know is shown by its own name."""
        self.names = names
        self._output = server.output
        self._complaints = Tail(server.log, from_end=True)
        self._tails = {path: Tail(path, from_end=True) for path in self._files()}

    def lines(self) -> Iterator[Line]:
        """Yield what was written since the last call."""
        now = f"{datetime.now().astimezone():%H:%M:%S}"
        for path in self._files():
            function = path.name.partition(".")[0]
            tail = self._tails.setdefault(path, Tail(path))
            for text in tail.lines():
                yield from readable(now, self.names.get(function, function), text)
        for text in self._complaints.lines():
            if found := _COMPLAINT.match(text):
                yield _line(now, "server", found["level"], "", found["message"])

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


def readable(now: str, function: str, text: str) -> Iterator[Line]:
    """Turn one line that a function wrote into lines to show: time, function, level, task id, message.

    A log line carries what else it says behind its message, and its traceback below. Metrics are not shown; whatever
    is no log line (a print, a bare traceback) is shown as it is.
    """
    record = _record(text)
    if "_aws" in record:
        return
    if not ("level" in record and "message" in record):
        yield _line(now, function, "", "", _UNPACKED.sub("", text))
        return
    extras = (f"{name}={value}" for name, value in record.items() if name not in _OF_EVERY_LINE | _TRACEBACK)
    yield _line(now, function, record["level"], record.get("task_id", ""), " ".join((str(record["message"]), *extras)))
    for line in str(record.get("exception", "")).splitlines():
        yield Line(f"    {_UNPACKED.sub('', line)}", _STYLES["ERROR"])


def _record(text: str) -> dict[str, Any]:
    try:
        record = json.loads(text)
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}


def _line(now: str, function: str, level: str, task_id: str, message: str) -> Line:
    return Line(" ".join(filter(None, (now, f"{function:<6} {level:<7}", task_id, message))), _STYLES.get(level, ""))
