"""How large a record is, as DynamoDB counts it (developer guide, "Item sizes and formats")."""

from collections.abc import Mapping
from typing import Any


def item_size(item: Mapping[str, Mapping[str, Any]]) -> int:
    """Bytes of an item: names and values, without DynamoDB's own."""
    return sum(_bytes(name) + value_size(value) for name, value in item.items())


def value_size(value: Mapping[str, Any]) -> int:
    """Bytes of one value, given with its type."""
    [(kind, content)] = value.items()
    if kind == "M":
        return 3 + sum(1 + _bytes(name) + value_size(one) for name, one in content.items())
    if kind == "L":
        return 3 + sum(1 + value_size(one) for one in content)
    return _bytes(content) if kind == "S" else (len(content) + 1) // 2 + 1


def _bytes(text: str) -> int:
    return len(text.encode())
