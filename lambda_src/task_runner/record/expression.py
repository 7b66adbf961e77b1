"""Condition expressions in DynamoDB's own language (developer guide, condition expressions)."""

import re
from dataclasses import dataclass
from typing import Any

from task_runner.record.attribute_values import stored


@dataclass(frozen=True)
class Condition:
    """What must hold for a write. In the text `#` stands before each attribute, and `?` for each value, in order."""

    text: str
    values: tuple[Any, ...] = ()

    def __and__(self, other: "Condition") -> "Condition":
        """Both must hold."""
        return Condition(f"({self.text} AND {other.text})", self.values + other.values)

    def __or__(self, other: "Condition") -> "Condition":
        """One must hold."""
        return Condition(f"({self.text} OR {other.text})", self.values + other.values)

    def guarding(self, write: dict[str, Any]) -> dict[str, Any]:
        """Return a write's parameters with this condition among them."""
        values = {f":if{place}": stored(value) for place, value in enumerate(self.values)}
        names = {f"#{name}": name for name in re.findall(r"#(\w+)", self.text)}
        guarded = {
            **write,
            "ConditionExpression": self.text.replace("?", "{}").format(*values),
            "ExpressionAttributeNames": {**write.get("ExpressionAttributeNames", {}), **names},
            "ExpressionAttributeValues": {**write.get("ExpressionAttributeValues", {}), **values},
        }
        return {name: value for name, value in guarded.items() if value != {}}  # DynamoDB takes no empty ones


class Attr:
    """An attribute of the record, to make conditions of. A comparison with one that does not exist is false."""

    def __init__(self, name: str) -> None:
        self._name = name

    def eq(self, value: Any) -> Condition:
        """It has this value."""
        return Condition(f"#{self._name} = ?", (value,))

    def lt(self, value: Any) -> Condition:
        """It is less; text is less than what sorts after it."""
        return Condition(f"#{self._name} < ?", (value,))

    def lte(self, value: Any) -> Condition:
        """It is less or the same."""
        return Condition(f"#{self._name} <= ?", (value,))

    def exists(self) -> Condition:
        """The record has it."""
        return Condition(f"attribute_exists(#{self._name})")

    def not_exists(self) -> Condition:
        """The record, if there is any, does not have it."""
        return Condition(f"attribute_not_exists(#{self._name})")
