"""Arguments of the commands for whoever writes task code: a folder for it, and tasks on what `up` left running."""

import argparse
from collections.abc import Callable

from harness import client_commands, look_commands
from harness.new_folder import new
from harness.run_here import run_here
from task_runner_client.progress import View


def add_task_commands(add: Callable[..., argparse.ArgumentParser], view: View) -> list[argparse.ArgumentParser]:
    """Add them, and return those that are about one instance; `add` takes a command's name, what runs it, and its help.

    What is said beside a result goes to standard error, so that a program can take the result.
    """
    aside = View.on_stderr()
    made = add(
        "new",
        lambda given: new(given.name, given.place, view=view),
        "make a folder for task code of your own: code, tests, packaging, configuration",
        on_example=False,
    )
    made.add_argument("name", nargs="?", default="", help="name of the folder, and of what it makes on AWS")
    made.add_argument("--in", dest="place", default="", metavar="FOLDER", help="where (default: beside this checkout)")
    called = add(
        "run",
        lambda given: run_here(given.example, given.payload, view=aside),
        "call the task code with one payload in this process, for a debugger",
    )
    submitted = add(
        "submit",
        lambda given: client_commands.submit(given.example, given.instance, given.payload, view=aside),
        "post a task to what `up` left running, and print its result",
    )
    for command in (called, submitted):
        command.add_argument("payload", nargs="?", default="", help="JSON, or @FILE, or - for standard input")
    watched = add(
        "watch",
        lambda given: client_commands.watch(given.example, given.instance, given.task_id, view=aside),
        "follow a task that was posted before, and print its result",
    )
    watched.add_argument("task_id", nargs="?", default="", help="what `submit` shows")
    shown = add(
        "logs",
        lambda given: look_commands.logs(given.example, follow=not given.detach, view=view),
        "show what the functions of what `up` left running have written, and follow them",
    )
    shown.add_argument("--detach", action="store_true", help="return after what was written until now")
    status = add(
        "status",
        lambda given: look_commands.status(given.example, given.instance, view=view),
        "say where that is, whether its task code loads, and how many tasks wait or have failed",
    )
    return [submitted, watched, status]
