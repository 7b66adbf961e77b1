"""Counts words and letters."""

from typing import Any


def handle(payload: Any, _context: Any) -> dict[str, int]:
    """Count words."""
    return {"words": len(payload["text"].split())}


def letters(payload: Any, _context: Any) -> dict[str, int]:
    """Count letters."""
    return {"letters": sum(map(str.isalpha, payload["text"]))}
