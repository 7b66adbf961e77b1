"""What task code returned, as the record takes it."""

from typing import Any

from task_runner.errors import InvalidResult
from task_runner.record.payload import dump

_LARGEST_RECORD = 384 * 1024
"""Bytes of payload and result: DynamoDB's 400 KB for an item, less what the other attributes can need."""


def recordable(value: Any, payload: str) -> str:
    """Write a result that stands in one record with its payload.

    Raises:
        InvalidResult: it is not JSON, or too large.
    """
    try:
        result = dump(value)
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidResult(f"the result is not JSON: {error}") from None
    size = len(payload.encode()) + len(result.encode())
    if size > _LARGEST_RECORD:
        raise InvalidResult(f"payload and result have {size} bytes together, {_LARGEST_RECORD} is the most")
    return result
