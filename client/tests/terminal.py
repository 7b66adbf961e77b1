"""A command as somebody at a terminal sees it."""

import io
import os
from contextlib import redirect_stdout
from unittest import mock

from task_runner_client.commands import main


class _Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def shown_on_a_terminal(*arguments: str) -> list[str]:
    """Run a command that succeeds; return the lines it shows in 80 columns, without colours."""
    screen = _Terminal(io.BytesIO(), encoding="utf-8")
    settings = {"COLUMNS": "80", "TERM": "dumb"}
    with mock.patch.dict(os.environ, settings), redirect_stdout(screen):
        assert main([*arguments]) == 0
    screen.seek(0)
    return screen.read().splitlines()
