"""Why a text is not taken as JSON, and where. The words never hold the text itself, which may be secret."""

import json
import re
from collections.abc import Callable

_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)
_BRACKET = re.compile(r"[][{}]")
_NUMBER = re.compile(r"NaN|-?Infinity|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_HALF_PAIR = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # both halves: passed over
    r"|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2}|[\ud800-\udfff])"
    r"|\\.",
    re.DOTALL,
)

# What json's decoder says, by how it begins: where it is written in Python it goes on with a character of the text.
_DECODER_SAYS = (
    "Expecting value",
    "Expecting ',' delimiter",
    "Expecting ':' delimiter",
    "Expecting property name enclosed in double quotes",
    "Illegal trailing comma",
    "Unterminated string",
    "Invalid control character",
    "Invalid \\escape",
    "Invalid \\uXXXX escape",
    "Extra data",
)


class NotJson(ValueError):
    """The text is not JSON, or not JSON that is taken; the message says why and, where it is known, at which place.

    Args:
        reason: a few words without anything of the text.
        text: the whole text, to count lines and columns in; both start at 1.
        position: the index in it that is at fault.
    """

    def __init__(self, reason: str, text: str = "", position: int | None = None) -> None:
        if position is not None:
            line, column = text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)
            reason = f"{reason} at line {line}, column {column}"
        super().__init__(reason)


def too_deep(text: str, limit: int) -> NotJson:
    """Blame the bracket that opens one level too many."""
    depth = 0
    for bracket in _BRACKET.finditer(_outside_strings(text)):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > limit:
            return NotJson(f"nested more than {limit} levels deep", text, bracket.start())
    return NotJson(f"nested more than {limit} levels deep")


def explained(error: ValueError, text: str, read: Callable[[str], object]) -> NotJson:
    """Put an error of reading the text with `read` into words."""
    if text.startswith("\ufeff"):
        return NotJson("byte order mark", text, 0)
    if isinstance(error, json.JSONDecodeError):
        said = next((words for words in _DECODER_SAYS if error.msg.startswith(words)), "Unexpected text")
        return NotJson(said[0].lower() + said[1:], text, error.pos)
    if isinstance(error, UnicodeEncodeError):
        halves = (found.start() for found in _HALF_PAIR.finditer(text) if found["half"])
        return NotJson("half of a surrogate pair", text, next(halves, None))
    return NotJson("number that is not finite, or has too many digits", text, _unreadable_number(text, read))


def _unreadable_number(text: str, read: Callable[[str], object]) -> int | None:
    for number in _NUMBER.finditer(_outside_strings(text)):
        try:
            read(number[0])
        except ValueError:
            return number.start()
    return None


def _outside_strings(text: str) -> str:
    """Blank out the strings; every other character keeps its place."""
    return _STRING.sub(lambda string: " " * len(string[0]), text)
