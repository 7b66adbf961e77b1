"""`task-runner watch`."""

import uuid

import click

from task_runner_client.commands.follow import follow
from task_runner_client.commands.options import Api, api_options


@click.command()
@click.argument("task_id", metavar="TASK_ID")
@api_options()
def watch(task_id: str, api: Api) -> int:
    """Follow a task that was posted before, print its result.

    TASK_ID is what `submit --no-wait` prints. The exit code is 1 if the task fails, with its error on standard error.
    Ctrl-C stops watching, not the task.

    \b
    Example:
      task-runner watch 6f1c1a3e-5b0e-4c5e-9d0f-3a1d2b4c6e8f
    """
    try:
        known = str(uuid.UUID(task_id))
    except ValueError:
        raise click.BadParameter(
            f"{task_id!r} is no task id. `submit` prints one, a UUID.", param_hint="TASK_ID"
        ) from None
    return follow(api, api.client(), known)
