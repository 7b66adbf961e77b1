"""A log record as a line of JSON, which CloudWatch Logs Insights takes apart by itself."""

import json
import logging
import os
import time
import traceback
from typing import Any

_OF_EVERY_RECORD = vars(logging.makeLogRecord({})).keys() | {"asctime", "level", "location", "taskName", "timestamp"}


class JsonLines(logging.Formatter):
    """Writes level, location, message, timestamp and service, then what the caller gave as `extra`, then the exception.

    These are the names and forms of AWS Lambda Powertools, so that queries made for its lines find these, too. What is
    None is left out.
    """

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "level": record.levelname,
            "location": f"{record.funcName}:{record.lineno}",
            "message": _message(record),
            "timestamp": _timestamp(record),
            "service": self._service,
            **self._exception(record),
            **{name: value for name, value in vars(record).items() if name not in _OF_EVERY_RECORD},
            "xray_trace_id": _trace_id(),
        }
        told = {name: value for name, value in line.items() if value is not None}
        return json.dumps(told, default=str, ensure_ascii=False, separators=(",", ":"))

    def _exception(self, record: logging.LogRecord) -> dict[str, Any]:
        if not record.exc_info or record.exc_info[0] is None:
            return {}
        kind, error, trace = record.exc_info
        frames = [
            {"file": frame.filename, "line": frame.lineno, "function": frame.name, "statement": frame.line}
            for frame in traceback.extract_tb(trace)
        ]
        return {
            "exception": self.formatException(record.exc_info),
            "exception_name": kind.__name__,
            "exception_notes": getattr(error, "__notes__", None),
            "stack_trace": {"type": kind.__name__, "value": error, "module": kind.__module__, "frames": frames},
        }


def _message(record: logging.LogRecord) -> Any:
    """What is logged as JSON, a dict or its text, stays JSON: queries reach into it."""
    if record.args:
        return record.getMessage()
    if isinstance(record.msg, str) and record.msg.startswith(("{", "[")):
        try:
            return json.loads(record.msg)
        except (ValueError, RecursionError):
            return record.msg
    return record.msg


def _timestamp(record: logging.LogRecord) -> str:
    return time.strftime(f"%Y-%m-%d %H:%M:%S,{int(record.msecs):03d}%z", time.localtime(record.created))


def _trace_id() -> str | None:
    """Lambda sets the variable anew for each invocation (developer guide, runtime environment variables)."""
    root = os.environ.get("_X_AMZN_TRACE_ID", "").partition(";")[0]
    return root.removeprefix("Root=") or None
