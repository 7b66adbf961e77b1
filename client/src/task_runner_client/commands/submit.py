"""`task-runner submit`."""

import click

from task_runner_client.client import checked_key
from task_runner_client.commands.follow import follow
from task_runner_client.commands.options import Api, api_options
from task_runner_client.commands.payload import TakesPayload, read_payload
from task_runner_client.errors import ApiError, NoAnswer, TaskRunnerClientError


def _key(_context: click.Context, _option: click.Parameter, key: str | None) -> str | None:
    try:
        return None if key is None else checked_key(key)
    except TaskRunnerClientError as error:
        raise click.BadParameter(str(error)) from error


@click.command(cls=TakesPayload)
@click.argument("payload")
@api_options()
@click.option(
    "--idempotency-key", callback=_key, metavar="KEY", help="A second submit with this key finds the task of the first."
)
@click.option("--no-wait", is_flag=True, help="Print the task's id and return.")
def submit(payload: str, api: Api, idempotency_key: str | None, no_wait: bool) -> int:
    """Post a task, show its progress, print its result.

    PAYLOAD is JSON, or @FILE, or - for standard input. The exit code is 1 if the task fails, with its error on standard
    error.

    \b
    Examples:
      task-runner submit '{"seconds": 2}'
      task-runner submit @payload.json | jq .size
      id=$(task-runner submit --no-wait --idempotency-key order-17 - < payload.json)
    """
    content = read_payload(payload)
    client = api.client()
    try:
        accepted = client.submit(content, idempotency_key)
    except NoAnswer as error:
        twice = "" if idempotency_key else " It may then run twice, unless every try has the same --idempotency-key."
        raise TaskRunnerClientError(
            f"{error} Check that the stack is up, and the URL; then try again.{twice}"
        ) from error
    except ApiError as error:
        raise TaskRunnerClientError(f"The task was not accepted: {error}") from error
    if no_wait:
        click.echo(accepted["taskId"])
        return 0
    return follow(api, client, accepted["taskId"])
