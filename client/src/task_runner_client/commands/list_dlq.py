"""`task-runner list-dlq`."""

from http import HTTPStatus
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from task_runner_client.aws import sqs_client
from task_runner_client.client import TaskClient
from task_runner_client.commands.options import Api, api_options, queue_option
from task_runner_client.commands.output import for_a_person, plain, show_json
from task_runner_client.dead_letters import DeadLetter, dead_letters
from task_runner_client.errors import ApiError
from task_runner_client.progress import View
from task_runner_client.queues import queues_of

_ROW = "{:<36}  {:<20}  {:>8}  {}"


@click.command("list-dlq")
@queue_option
@api_options(required=False)
def list_dlq(queue_url: str, api: Api | None) -> int:
    """List dead letters: failed tasks whose tries are used up.

    They stay where they are; `redrive` runs the tasks again. With --url the tasks' records are looked up, which tell
    their errors. The table shows an error's first line, the JSON all of it.

    SQS shows messages only to who receives them: while this looks (at most 50 seconds) they are hidden from other
    readers, and each look raises a message's receive count by one. The count that is shown is the one before.

    \b
    Examples:
      task-runner list-dlq --queue-url https://sqs.eu-west-1.amazonaws.com/123456789012/tasks
      task-runner list-dlq | jq -r '.[].task.error.type' | sort | uniq -c
    """
    client = api.client() if api else None
    sqs = sqs_client(queue_url)
    with View.on_stderr().step("Looking for dead letters"):
        letters = dead_letters(sqs, queues_of(sqs, queue_url).dead_letters)
    entries = [_entry(letter, client) for letter in letters]
    if for_a_person():
        _show_table(entries)
    else:
        show_json(entries)
    return 0


def _entry(letter: DeadLetter, client: TaskClient | None) -> dict[str, Any]:
    entry = {
        "taskId": letter.task_id,
        "messageId": letter.message_id,
        "sentAt": f"{letter.sent_at:%Y-%m-%dT%H:%M:%SZ}",
        "receives": letter.receives,
    }
    if letter.task_id is None:
        return {**entry, "note": "no message of a task runner"}
    if client is None:
        return {**entry, "note": "give --url to see its record"}
    try:
        return {**entry, "task": client.get(letter.task_id)}
    except ApiError as refusal:
        gone = refusal.status == HTTPStatus.NOT_FOUND
        return {**entry, "note": "its record is gone" if gone else str(refusal)}


def _show_table(entries: list[dict[str, Any]]) -> None:
    console = Console()
    if entries:
        console.print(Text(_ROW.format("TASK", "SENT", "RECEIVES", "STATUS"), "bold"), no_wrap=True)
    for entry in entries:
        task = entry.get("task", {})
        row = _ROW.format(entry["taskId"] or "-", entry["sentAt"], entry["receives"], task.get("status", "-"))
        console.print(Text(row), no_wrap=True)
        said = "{type}: {message}".format_map(task["error"]) if "error" in task else entry.get("note", "")
        if said:
            # One line of the terminal's width, whatever task code has put into its error.
            console.print(Text(f"  {plain(said).splitlines()[0]}", "red"), no_wrap=True, overflow="ellipsis")
    console.print(f"Dead letters: {len(entries)}." + (" `redrive` runs their tasks again." if entries else ""))
