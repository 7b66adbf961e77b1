"""One line that a function wrote, as lines for a person who sits at a terminal of 80 columns."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from task_runner_client.commands.output import plain

_OF_EVERY_LINE = {"level", "location", "message", "timestamp", "service", "task_id"}
_TOLD_BELOW = {"exception", "exception_name", "stack_trace", "error_text", "frames"}
_ORDINARY = [("receives", 1), ("replayed", False)]  # no set: a value may have no hash
_STYLES = {"WARNING": "yellow", "ERROR": "red", "CRITICAL": "red"}
_NO_TIME = " " * 8
_TEXT_LINES, _OWN_FRAMES, _OTHER_FRAMES = 8, 6, 3  # at most, so that a failure stays on one screen
# Where the server unpacks code and layers, and where Python keeps its libraries: a traceback reads better without it.
_UNPACKED = re.compile(r'[^"\s]*/ministack-lambda-[^/]+/(?:code|layer_\d+/python)/')
_OWN = re.compile(r".*/ministack-lambda-[^/]+/code/")
_LIBRARIES = re.compile(r".*/lib/python3\.\d+/(?:site-packages/)?")


@dataclass(frozen=True)
class Line:
    """One line to show, and how a terminal shows it."""

    text: str
    style: str = ""


def record_of(text: str) -> dict[str, Any]:
    """Return what a line says as JSON; empty where it is no JSON object."""
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}


def is_metrics(record: dict[str, Any]) -> bool:
    """Tell whether this is a line of metrics, which the worker writes at the end of a batch."""
    return "_aws" in record


def is_log_line(record: dict[str, Any]) -> bool:
    """Tell whether the functions' logger wrote it: a print is no such line."""
    return "level" in record and "message" in record


def readable(now: str, function: str, text: str, task_id: str = "") -> Iterator[Line]:
    """Turn one line that a function wrote into lines to show: time, function, level, task id, message.

    A log line carries what else it says behind its message, and below it why an attempt failed, or its traceback.
    Metrics are not shown; whatever is no log line (a print, a bare traceback) is shown as it is, with `task_id` where
    it is known. Without `now` a log line is shown with its own time, and a print with none.
    """
    record = record_of(text)
    if is_metrics(record):
        return
    if not is_log_line(record):
        yield line_of(now or _NO_TIME, function, "", task_id, _UNPACKED.sub("", text))
        return
    extras = (f"{name}={value}" for name, value in record.items() if _is_extra(name, record))
    message = " ".join((str(record["message"]), *extras))
    yield line_of(now or _time_of(record), function, record["level"], record.get("task_id", ""), message)
    for line in (*_why(record), *(_UNPACKED.sub("", line) for line in str(record.get("exception", "")).splitlines())):
        yield Line(f"    {line}", _STYLES["ERROR"])


def line_of(now: str, function: str, level: str, task_id: str, message: str) -> Line:
    """Put a line together."""
    return Line(" ".join(filter(None, (now, f"{function:<6} {level:<7}", task_id, message))), _STYLES.get(level, ""))


def _is_extra(name: str, record: dict[str, Any]) -> bool:
    if (name, record[name]) in _ORDINARY:
        return False
    return name not in _OF_EVERY_LINE | _TOLD_BELOW and not (name == "error_type" and "error_text" in record)


def _time_of(record: dict[str, Any]) -> str:
    try:
        moment = datetime.strptime(str(record.get("timestamp")), "%Y-%m-%d %H:%M:%S,%f%z")
    except ValueError:
        return _NO_TIME
    return f"{moment.astimezone():%H:%M:%S}"


def _why(record: dict[str, Any]) -> Iterator[str]:
    """What was raised; where in the code of whoever reads this, the innermost first; then where in libraries."""
    if "error_text" in record:
        text = plain(f"{record.get('error_type')}: {record['error_text']}").splitlines()
        yield from _some(text, _TEXT_LINES)
    frames = record.get("frames")
    frames = list(reversed(frames)) if isinstance(frames, list) else []
    own = [frame for frame in frames if _OWN.match(frame["file"])]
    yield from _some([f"  {_place(frame)}" for frame in own], _OWN_FRAMES)
    yield from _some([f"  through {_place(frame)}" for frame in frames if frame not in own], _OTHER_FRAMES)


def _some(lines: list[str], most: int) -> list[str]:
    return lines if len(lines) <= most else [*lines[: most - 1], f"  … and {len(lines) - most + 1} more"]


def _place(frame: dict[str, Any]) -> str:
    file = _LIBRARIES.sub("", _UNPACKED.sub("", frame["file"]))
    return f"{file}:{frame['line']} in {frame['function']}"
