"""Posts and follows tasks on what `up` left running: the client's own commands, led to that stack."""

import os
import sys

from harness.command_line import caller_folder, command_line
from harness.errors import BadInput
from harness.kept import Kept
from task_runner_client import commands
from task_runner_client.progress import View

_EXAMPLE_PAYLOAD = '{"seconds": 1}'
_EXAMPLE_ID = "6f1c1a3e-5b0e-4c5e-9d0f-3a1d2b4c6e8f"


def submit(example: str, instance: str, payload: str, *, view: View) -> bool:
    """Post a task, show its progress, print its result.

    Raises:
        BadInput: there is no payload, or nothing is up.
    """
    kept = Kept.need(example, view)
    if not payload:
        raise BadInput(f"Give the task's payload: {command_line('submit', kept.name, TASK=_EXAMPLE_PAYLOAD)}")
    if payload.startswith("@"):  # a file, as the caller's shell sees it
        payload = f"@{caller_folder() / payload[1:]}"
    return _client(kept, instance, "submit", payload)


def watch(example: str, instance: str, task_id: str, *, view: View) -> bool:
    """Follow a task that was posted before, print its result.

    Raises:
        BadInput: there is no id, or nothing is up.
    """
    kept = Kept.need(example, view)
    if not task_id:
        raise BadInput(f"Give the task's id: {command_line('watch', kept.name, ID=_EXAMPLE_ID)}")
    return _client(kept, instance, "watch", task_id)


def _client(kept: Kept, instance: str, *arguments: str) -> bool:
    kept.outputs(instance)  # says what to do where nothing is applied yet
    os.environ.update(kept.target.settings() | kept.client_settings(instance))

    def again(command: str) -> str:
        name, task_id = command.split()
        return command_line(name, kept.name, instance, ID=task_id)

    code = commands.main([*arguments], again=again)
    if code:
        sys.exit(code)  # it has said why
    return True
