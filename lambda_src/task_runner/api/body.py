"""The body of a request: from what API Gateway hands over to JSON that is known to be whole."""

import base64
from typing import Any

from task_runner.api.answers import Refused
from task_runner.record.not_json import NotJson
from task_runner.record.payload import parse

LARGEST_BODY = 256 * 1024
"""Bytes. The record also holds the result, and DynamoDB's limit for an item is 400 KB."""


def read_json(body: str, *, is_base64: bool) -> tuple[str, Any]:
    """Return the body's JSON as text and as a value; an empty body is `{}`.

    Raises:
        Refused: it is too large, not in UTF-8, or not JSON that is taken.
    """
    try:
        text = _from_base64(body) if is_base64 else _from_text(body)
        return text, parse(text)
    except NotJson as error:
        raise Refused("INVALID_JSON", reason=error) from None


def _from_base64(body: str) -> str:
    try:
        content = base64.b64decode(body, validate=True)
    except ValueError:
        raise NotJson("invalid base64") from None
    _check_size(content)
    try:
        return content.decode() or "{}"
    except UnicodeDecodeError as error:
        raise NotJson(f"invalid UTF-8 at byte offset {error.start}") from None


def _from_text(body: str) -> str:
    _check_size(body.encode(errors="surrogatepass"))  # half of a pair is refused by `parse`, which says where
    # API Gateway puts this character where the bytes were not UTF-8: what was sent is lost, and must not be recorded as
    # if it had been this. Whoever means the character has an escape for it.
    if (position := body.find("\ufffd")) >= 0:
        raise NotJson(r"invalid UTF-8 (or U+FFFD, to be written as \ufffd)", body, position)
    return body or "{}"


def _check_size(content: bytes) -> None:
    if len(content) > LARGEST_BODY:
        raise Refused("PAYLOAD_TOO_LARGE", largest=LARGEST_BODY, size=len(content))
