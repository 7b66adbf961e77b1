"""Standard output: JSON for programs, something to read on a terminal."""

import json
import sys
from typing import Any

from rich.console import Console


def for_a_person() -> bool:
    """Tell whether standard output is a terminal."""
    return sys.stdout.isatty()


def show_json(value: Any) -> None:
    """Print JSON: on one line, or indented and in colour on a terminal."""
    ascii_only = not _printable(json.dumps(value, ensure_ascii=False))
    if for_a_person():
        Console().print_json(data=value, ensure_ascii=ascii_only)
    else:
        print(json.dumps(value, ensure_ascii=ascii_only))


def plain(text: str) -> str:
    """Return a text of somebody else's without what could steer a terminal."""
    return "".join(char if char.isprintable() or char in "\n\t" else "\N{REPLACEMENT CHARACTER}" for char in text)


def _printable(text: str) -> bool:
    """Tell whether standard output can take it: JSON may hold halves of characters, and an encoding lack some."""
    try:
        text.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        return False
    return True
