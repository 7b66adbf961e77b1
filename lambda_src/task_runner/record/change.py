"""What a write makes of a record, said once: for DynamoDB, and for whoever needs to know what the record is then."""

from dataclasses import replace
from typing import Any

from task_runner.record.attribute_values import stored
from task_runner.record.conditions import allowed
from task_runner.record.expression import Condition
from task_runner.record.history import PastAttempt
from task_runner.record.task import Task, attribute
from task_runner.record.transitions import Event, rows


class Change:
    """New values for a record's fields, and the events that allow them.

    Args:
        events: what this may be; all of them lead to one status, which the change brings.
        begun: an attempt that begins with it: one more, and one more in the history.
        fields: the new values by field name; None takes the field out of the record.
    """

    def __init__(self, *events: Event, begun: PastAttempt | None = None, **fields: Any) -> None:
        self._rows = rows(*events)
        (self.target,) = {row.target for row in self._rows}
        moves = any(row.source is not self.target for row in self._rows)
        self._fields = {"status": self.target, **fields} if moves else fields
        self._begun = begun

    def condition(self, **known: Any) -> Condition:
        """Say when the write may happen, by what the writer has `known` (see `conditions`)."""
        return allowed(self._rows, **known)

    def applied_to(self, before: Task) -> Task:
        """Return the record that this write leaves."""
        after = replace(before, **self._fields)
        if self._begun is None:
            return after
        return replace(after, attempts=before.attempts + 1, history=(*before.history, self._begun))

    def expression(self) -> dict[str, Any]:
        """Return the parameters of DynamoDB's UpdateItem."""
        values = {attribute(name): stored(value) for name, value in self._fields.items() if value is not None}
        removed = [attribute(name) for name, value in self._fields.items() if value is None]
        settings = [f"#{name} = :{name}" for name in values]
        if self._begun:
            settings.append("#history = list_append(if_not_exists(#history, :none), :begun)")
        expression = "SET " + ", ".join(settings)
        if removed:
            expression += " REMOVE " + ", ".join(f"#{name}" for name in removed)
        names = [*values, *removed]
        if self._begun:
            expression += " ADD #attempts :one"
            names += ["history", "attempts"]
            values.update(none=stored(()), begun=stored([self._begun]), one=stored(1))
        return {
            "UpdateExpression": expression,
            "ExpressionAttributeNames": {f"#{name}": name for name in names},
            "ExpressionAttributeValues": {f":{name}": value for name, value in values.items()},
        }
