"""Ids of tasks as a command takes them."""

import uuid
from typing import Any

import click


class TaskId(click.types.StringParamType):
    """A UUID, whatever its case; others are refused before anything is asked of the API."""

    name = "task id"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the id as the API writes it."""
        try:
            return str(uuid.UUID(str(value)))
        except ValueError:
            self.fail(f"{value!r} is no task id. `submit` prints one, a UUID.", param, ctx)
