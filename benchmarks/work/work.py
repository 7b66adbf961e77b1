"""The work of the benchmarks' tasks: the same for the module and for the textbook version."""

import hashlib
import time
from typing import Any


def handle(payload: dict[str, Any], _context: object = None) -> dict[str, Any]:
    """Wait for `seconds`, hash `blocks` times, or do nothing; return what was asked for."""
    time.sleep(payload.get("seconds", 0))
    compute(payload.get("blocks", 0))
    return {"done": payload}


def compute(blocks: int) -> None:
    """Burn CPU in Python itself, as most code does: a fixed count of work, which no second thread can share."""
    digest = b""
    for number in range(blocks):
        digest = hashlib.sha256(digest + number.to_bytes(8, "big")).digest()
