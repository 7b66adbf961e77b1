"""Values as DynamoDB writes them, each with its type: `{"S": "pending"}` (API reference, AttributeValue)."""

from collections.abc import Mapping
from typing import Any


def stored(value: Any) -> dict[str, Any]:
    """Write a text, a number, a sequence, a mapping, or an object by its fields.

    Raises:
        TypeError: it is none of these.
    """
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, int | float):
        return {"N": str(value)}
    if isinstance(value, list | tuple):
        return {"L": [stored(part) for part in value]}
    parts = value if isinstance(value, Mapping) else vars(value)
    return {"M": {name: stored(part) for name, part in parts.items()}}


def loaded(value: Mapping[str, Any]) -> Any:
    """Read what `stored` wrote; of a type that it does not write, return what is there."""
    ((kind, content),) = value.items()
    if kind == "N":
        return int(content) if content.lstrip("-").isdecimal() else float(content)
    if kind == "L":
        return [loaded(part) for part in content]
    if kind == "M":
        return {name: loaded(part) for name, part in content.items()}
    return content
