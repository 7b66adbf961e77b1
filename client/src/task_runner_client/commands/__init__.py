"""The command `task-runner`. Each of its commands has a file of its own."""

from collections.abc import Callable

import click
from botocore.exceptions import BotoCoreError, ClientError

from task_runner_client.commands.cost import cost
from task_runner_client.commands.list_dlq import list_dlq
from task_runner_client.commands.redrive import redrive
from task_runner_client.commands.retry import retry
from task_runner_client.commands.submit import submit
from task_runner_client.commands.watch import watch
from task_runner_client.errors import TaskRunnerClientError

FAILED, INTERRUPTED = 1, 130  # the latter as a shell says of a command that Ctrl-C ended


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="task-runner-client")
def task_runner() -> None:
    """Submits tasks to a task runner on AWS, follows them, and looks after those that failed.

    Requests are signed with your usual AWS credentials if the API asks for it. What a command finds goes to standard
    output, as JSON unless that is a terminal; what happens meanwhile goes to standard error.

    \b
    Exit codes:
      0    all went well; of a task: it is completed
      1    the task failed, or something else did
      2    the command was called wrongly
      130  interrupted by Ctrl-C; a task goes on

    \b
    Examples:
      export TASK_RUNNER_URL=https://abc.execute-api.eu-west-1.amazonaws.com/v1
      task-runner submit '{"seconds": 2}'
      task-runner submit --no-wait @payload.json
      task-runner watch 6f1c1a3e-5b0e-4c5e-9d0f-3a1d2b4c6e8f

    \b
    Completion of commands and options, for this shell (or fish_source, zsh_source):
      eval "$(_TASK_RUNNER_COMPLETE=bash_source task-runner)"
    """


for _command in (submit, watch, retry, list_dlq, redrive, cost):
    task_runner.add_command(_command)


def main(arguments: list[str] | None = None, again: Callable[[str], str] | None = None) -> int:
    """Run one command and return its exit code.

    A program that calls this for its own users tells with `again` what they call to run another command, such as
    `watch <id>`, on the same API. It has a usage of its own, so a mistake is then told without the usage of this one.
    """
    try:
        return int(task_runner.main(arguments, standalone_mode=False, obj=again) or 0)
    except click.Abort as abort:
        interrupted = isinstance(abort.__cause__, KeyboardInterrupt)
        click.echo("Interrupted." if interrupted else "Nothing was done.", err=True)
        return INTERRUPTED if interrupted else FAILED
    except click.ClickException as error:
        if again is None:
            error.show()
        else:
            click.echo(f"Error: {error.format_message()}", err=True)
        return error.exit_code
    except (TaskRunnerClientError, BotoCoreError, ClientError) as error:
        click.echo(f"Error: {error}", err=True)
        return FAILED
