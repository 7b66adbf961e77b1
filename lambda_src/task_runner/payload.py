"""JSON at the edges: what callers send in, what task code gives back."""

import hashlib
import json
import math
from typing import Any


def parse(text: str) -> Any:
    """Read JSON strictly.

    Raises:
        ValueError: not JSON, too deeply nested, a number no double holds, or text that is no valid Unicode.
    """
    try:
        value = json.loads(text, parse_constant=_refuse, parse_float=_finite)
        dump(value)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


def dump(value: Any) -> str:
    """Write compact JSON.

    Raises:
        ValueError: the value holds NaN, an infinity, itself, or text that is no valid Unicode.
        TypeError: the value holds something that JSON has no form for.
        RecursionError: nested too deeply.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    text.encode()
    return text


def fingerprint(value: Any) -> str:
    """Hash a payload so that equal JSON has an equal hash, whatever its spacing and order of keys."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is too large for a number")
    return number


def _refuse(text: str) -> None:
    raise ValueError(f"{text} is not JSON")
