"""`task-runner watch`."""

import click

from task_runner_client.commands.follow import follow
from task_runner_client.commands.options import Api, api_options
from task_runner_client.commands.task_ids import TaskId


@click.command()
@click.argument("task_id", metavar="TASK_ID", type=TaskId())
@api_options()
def watch(task_id: str, api: Api) -> int:
    """Follow a task that was posted before, print its result.

    TASK_ID is what `submit --no-wait` prints. The exit code is 1 if the task fails, with its error on standard error.
    Ctrl-C stops watching, not the task.

    \b
    Example:
      task-runner watch 6f1c1a3e-5b0e-4c5e-9d0f-3a1d2b4c6e8f
    """
    return follow(api, api.client(), task_id)
