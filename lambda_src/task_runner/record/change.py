"""What a write makes of a record, said once: for DynamoDB, and for whoever needs to know what the record is then."""

from dataclasses import replace
from typing import Any

from task_runner.record.attribute_values import stored
from task_runner.record.conditions import allowed
from task_runner.record.expression import Condition
from task_runner.record.task import Task, attribute
from task_runner.record.transitions import Event, rows


class Change:
    """New values for a record's fields, and the events that allow them.

    Args:
        events: what this may be; all of them lead to one status, which the change brings.
        attempts: how many more there are.
        fields: the new values by field name; None takes the field out of the record.
    """

    def __init__(self, *events: Event, attempts: int = 0, **fields: Any) -> None:
        self._rows = rows(*events)
        (self.target,) = {row.target for row in self._rows}
        moves = any(row.source is not self.target for row in self._rows)
        self._fields = {"status": self.target, **fields} if moves else fields
        self._attempts = attempts

    def condition(self, **known: Any) -> Condition:
        """Say when the write may happen, by what the writer has `known` (see `conditions`)."""
        return allowed(self._rows, **known)

    def applied_to(self, before: Task) -> Task:
        """Return the record that this write leaves."""
        return replace(before, **{"attempts": before.attempts + self._attempts, **self._fields})

    def expression(self) -> dict[str, Any]:
        """Return the parameters of DynamoDB's UpdateItem."""
        values = {attribute(name): stored(value) for name, value in self._fields.items() if value is not None}
        removed = [attribute(name) for name, value in self._fields.items() if value is None]
        expression = "SET " + ", ".join(f"#{name} = :{name}" for name in values)
        if removed:
            expression += " REMOVE " + ", ".join(f"#{name}" for name in removed)
        if self._attempts:
            expression += " ADD #attempts :attempts"
            values["attempts"] = stored(self._attempts)
        return {
            "UpdateExpression": expression,
            "ExpressionAttributeNames": {f"#{name}": name for name in (*values, *removed)},
            "ExpressionAttributeValues": {f":{name}": value for name, value in values.items()},
        }
