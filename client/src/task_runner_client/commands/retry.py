"""`task-runner retry`."""

from http import HTTPStatus

import click

from task_runner_client.client import TaskClient
from task_runner_client.commands.options import Api, api_options
from task_runner_client.commands.task_ids import TaskId
from task_runner_client.errors import ApiError, NoAnswer

_OF_ONE_TASK = {HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT}


@click.command()
@click.argument("task_ids", metavar="TASK_ID...", nargs=-1, required=True, type=TaskId())
@api_options()
def retry(task_ids: tuple[str, ...], api: Api) -> int:
    """Run failed tasks again, each with all its tries anew.

    Prints the ids of the tasks that run again. One that has not ended, or is completed, is named on standard error and
    left as it is; the exit code is 1 then. The API has to offer it: the module's input `api.routes` names `retry`.

    \b
    Examples:
      task-runner retry 6f1c1a3e-5b0e-4c5e-9d0f-3a1d2b4c6e8f
      xargs task-runner retry < failed-ids.txt
    """
    client = api.client()
    retried = [task_id for task_id in dict.fromkeys(task_ids) if _retried(client, task_id)]
    return 0 if len(retried) == len(set(task_ids)) else 1


def _retried(client: TaskClient, task_id: str) -> bool:
    try:
        client.retry(task_id)
    except NoAnswer as error:
        click.echo(f"{error} It may run again: retry it once more, which does no harm.", err=True)
        return False
    except ApiError as error:
        if error.status not in _OF_ONE_TASK or error.code == "NOT_FOUND":
            raise
        click.echo(f"{task_id}: {error.sentence}", err=True)
        return False
    click.echo(task_id)
    return True
