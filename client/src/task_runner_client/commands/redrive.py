"""`task-runner redrive`."""

import click

from task_runner_client.aws import sqs_client
from task_runner_client.commands.options import queue_option
from task_runner_client.commands.output import for_a_person, show_json
from task_runner_client.progress import View
from task_runner_client.queues import queues_of, waiting
from task_runner_client.redrive import in_words, move_dead_letters


@click.command()
@queue_option
@click.option("--yes", is_flag=True, help="Do not ask first.")
def redrive(queue_url: str, yes: bool) -> int:
    """Run failed tasks again: move dead letters to their queue.

    Do it once what made them fail is mended: each gets all its tries anew. Tasks that are completed meanwhile stay so.

    \b
    Examples:
      task-runner redrive --queue-url https://sqs.eu-west-1.amazonaws.com/123456789012/tasks
      task-runner redrive --yes
    """
    sqs = sqs_client(queue_url)
    if not yes:
        source = queues_of(sqs, queue_url).dead_letters
        question = f"Run the tasks of about {waiting(sqs, source)} dead letters of {source} again?"
        click.confirm(question, abort=True, err=True)
    with View.on_stderr().step("Moving dead letters back") as step:
        moved = move_dead_letters(sqs, queue_url, step)
    if for_a_person():
        click.echo(in_words(moved))
    else:
        show_json({"moved": moved})
    return 0
