"""JSON at the edges: what callers send in, what task code gives back."""

import hashlib
import json
import math
import re
from itertools import accumulate
from typing import Any

from task_runner.record.not_json import explained, too_deep

_ESCAPE = re.compile(r"\\.", re.DOTALL)
_NO_BRACKETS = re.compile(r"[^][{}]+")


DEEPEST_PAYLOAD = 256
"""Levels of nesting. A limit of our own, since how deep the interpreter gets differs by release and by caller: what one
function can still write, the other might fail to read."""

DEEPEST_RESULT = 512
"""Levels of nesting: more than a payload's, so that a result can hold its payload."""


def parse(text: str) -> Any:
    """Read JSON strictly.

    Raises:
        NotJson: not JSON, nested too deeply, a number no double holds, or text that is no valid Unicode.
    """
    if _depth(text) > DEEPEST_PAYLOAD:
        raise too_deep(text, DEEPEST_PAYLOAD)
    try:
        value = _read(text)
        dump(value)
    except ValueError as error:
        raise explained(error, text, _read) from None
    return value


def dump(value: Any) -> str:
    """Write compact JSON.

    Raises:
        ValueError: the value holds NaN, an infinity, itself, or text that is no valid Unicode, or is nested too deeply.
        TypeError: the value holds something that JSON has no form for.
        RecursionError: nested far too deeply.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    text.encode()
    if _depth(text) > DEEPEST_RESULT:
        raise ValueError(f"nested more than {DEEPEST_RESULT} levels deep")
    return text


def fingerprint(value: Any) -> str:
    """Hash a payload so that equal JSON has an equal hash, whatever its spacing and order of keys."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _depth(text: str) -> int:
    """Count the levels of JSON without reading it: that is where a parser runs out of stack."""
    outside_strings = "".join(_ESCAPE.sub("", text).split('"')[::2])
    steps = (1 if bracket in "[{" else -1 for bracket in _NO_BRACKETS.sub("", outside_strings))
    return max(accumulate(steps), default=0)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("too large for a number")
    return number


def _refuse(_: str) -> None:
    raise ValueError("not a number of JSON")


_read = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite).decode
