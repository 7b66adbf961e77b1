"""The payload of a task, as a command line gives it."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import click

_NEGATIVE = re.compile(r"-\d")


class TakesPayload(click.Command):
    """A command to which `-5` is a payload, not an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Set a negative number off from options by a space, which JSON takes no notice of."""
        return super().parse_args(ctx, [f" {given}" if _NEGATIVE.match(given) else given for given in args])


def read_payload(source: str) -> Any:
    """Return the JSON that is given: the text itself, `@file`, or `-` for standard input.

    Raises:
        click.BadParameter: it cannot be read, or is not JSON.
    """
    try:
        if source == "-":
            text = sys.stdin.read()
        elif source.startswith("@"):
            text = Path(source[1:]).read_text(encoding="utf-8")
        else:
            text = source
        return json.loads(text, parse_constant=_refuse)
    except OSError as error:
        raise click.BadParameter(f"{source[1:]} cannot be read: {error.strerror}.", param_hint="PAYLOAD") from error
    except (ValueError, RecursionError) as error:  # of UTF-8 and JSON alike
        raise click.BadParameter(
            f"The payload is not JSON: {error}. Quote it for the shell, as in '{{\"seconds\": 1}}', or give @file.",
            param_hint="PAYLOAD",
        ) from error


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON number")
