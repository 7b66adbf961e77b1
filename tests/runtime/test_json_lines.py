"""The lines that the functions log, whole: what reads them reaches into their fields by name."""

import io
import json
import logging
import re
import time
from typing import Any

import pytest

from task_runner.json_lines import JsonLines


@pytest.fixture
def log() -> logging.Logger:
    """A logger that writes to `text`, apart from all others."""
    logger = logging.Logger("apart")
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(JsonLines("orders"))
    logger.addHandler(handler)
    return logger


def text(log: logging.Logger) -> str:
    """What was written, without its time."""
    handler = log.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    return re.sub(r'"timestamp":"[^"]*"', '"timestamp":"T"', handler.stream.getvalue())


def fields(log: logging.Logger) -> dict[str, Any]:
    """The only line, without what every line has."""
    read: dict[str, Any] = json.loads(text(log))
    return {name: read[name] for name in read if name not in {"level", "location", "timestamp", "service"}}


def test_line_is_written_as_queries_expect_it(log: logging.Logger) -> None:
    log.info("%s pages, ü", 3, extra={"task_id": "t", "replayed": False, "absent": None, "kind": int})
    assert re.sub(r":\d+\"", ':7"', text(log)) == (
        '{"level":"INFO","location":"test_line_is_written_as_queries_expect_it:7","message":"3 pages, ü",'
        '"timestamp":"T","service":"orders","task_id":"t","replayed":false,"kind":"<class \'int\'>"}\n'
    )


def test_time_is_local_with_milliseconds_and_zone() -> None:
    record = logging.makeLogRecord({"created": 1769860800.25, "msecs": 250.0, "msg": "x"})
    told = json.loads(JsonLines("orders").format(record))["timestamp"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,250[+-]\d{4}", told)
    assert time.mktime(time.strptime(told[:19], "%Y-%m-%d %H:%M:%S")) == 1769860800


@pytest.mark.parametrize(
    ("said", "told"),
    [({"a": 1}, {"a": 1}), ('{"a": 1}', {"a": 1}), ("[1]", [1]), ("{broken", "{broken"), ("12", "12"), (7, 7)],
)
def test_json_stays_json(log: logging.Logger, said: Any, told: Any) -> None:
    log.info(said)
    assert fields(log) == {"message": told}


def test_exception_is_told_with_its_traceback(log: logging.Logger) -> None:
    try:
        int("no luck")
    except ValueError:
        log.exception("odd")
    told = fields(log)
    assert told["exception"].startswith("Traceback (most recent call last):\n")
    assert told["exception"].endswith("ValueError: invalid literal for int() with base 10: 'no luck'")
    (frame,) = told["stack_trace"].pop("frames")
    assert (frame["file"], frame["function"]) == (__file__, "test_exception_is_told_with_its_traceback")
    assert frame["statement"] == 'int("no luck")'
    assert told["stack_trace"] == {
        "type": "ValueError",
        "value": "invalid literal for int() with base 10: 'no luck'",
        "module": "builtins",
    }
    assert (told["message"], told["exception_name"]) == ("odd", "ValueError")
    assert told.keys() == {"message", "exception", "exception_name", "stack_trace"}


def test_no_exception_is_no_field(log: logging.Logger) -> None:
    log.exception("nothing was raised")
    assert fields(log) == {"message": "nothing was raised"}


def test_invocation_is_named_by_its_trace(log: logging.Logger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-5759e988-bd862e3f;Parent=53995c3f;Sampled=1")
    log.info("x")
    assert fields(log) == {"message": "x", "xray_trace_id": "1-5759e988-bd862e3f"}
