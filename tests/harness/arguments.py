"""The commands of the command line and their arguments; each parsed command carries the function that runs it."""

import argparse
import re
from collections.abc import Callable

from harness import client_commands, stack_commands
from harness.progress import View
from harness.where import Where

Run = Callable[[argparse.Namespace], bool]
Add = Callable[..., argparse.ArgumentParser]  # takes a command's name, what runs it, its help and more of it
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_SIGNS = "Requests are signed with your AWS credentials if the API asks for it."


def parser() -> argparse.ArgumentParser:
    """Return the parser. What it parses has `run`, which takes the parsed arguments and tells whether all went well."""
    top = argparse.ArgumentParser(
        prog="python -m harness",
        description="Applies an example of the module and drives it, on an embedded AWS unless told otherwise.",
        epilog="Environment: TASK_RUNNER_TERRAFORM names the binary (terraform, tofu, or a path); "
        "TASK_RUNNER_PROVIDER_MIRROR names a folder with the AWS provider, for a machine without its registry; "
        "TASK_RUNNER_STACKS names the folder in which `up` keeps its stacks.",
    )
    commands = top.add_subparsers(required=True, metavar="command", title="commands")

    def add(name: str, run: Run, text: str, more: str = "") -> argparse.ArgumentParser:
        description = f"{text[0].upper()}{text[1:]}. {more}".strip()
        command = commands.add_parser(name, help=text, description=description)
        command.set_defaults(run=run)
        command.add_argument(
            "--example", default="basic", help="name below examples/, or path of a folder (default: %(default)s)"
        )
        return command

    _add_stack_commands(add)
    _add_client_commands(add)
    return top


def _add_stack_commands(add: Add) -> None:
    view = View()
    demo = add(
        "demo",
        lambda given: stack_commands.demo(given.example, given.target, sure=given.yes, view=view),
        "apply an example, run a task, check the stack, destroy it, prove that nothing is left",
    )
    up = add(
        "up",
        lambda given: stack_commands.up(given.example, given.target, sure=given.yes, detach=given.detach, view=view),
        "apply an example and stay with it: follow its logs, deploy its task code when that changes",
        "On an account it applies and returns. Where standard output is no terminal it follows all the same, in plain "
        "lines: scripts want --detach.",
    )
    up.add_argument("--detach", action="store_true", help="return after the apply; the stack stays up")
    add(
        "verify",
        lambda given: stack_commands.verify(given.example, view=view),
        "run the acceptance checks against what `up` left running",
    )
    redrive = add(
        "redrive",
        lambda given: stack_commands.redrive(given.example, sure=given.yes, view=view),
        "move the dead letters of what `up` left running back, so that failed tasks run again",
    )
    down = add(
        "down",
        lambda given: stack_commands.down(given.example, sure=given.yes, view=view),
        "end what `up` made: on an account everything is destroyed, an embedded AWS goes as a whole",
    )
    add(
        "env",
        lambda given: stack_commands.env(given.example, view=view),
        'print settings for a shell, to run terraform by hand: eval "$(python -m harness env)"',
    )
    for command in (demo, up):
        command.add_argument(
            "--target",
            choices=("embedded", "aws"),
            default="embedded",
            help="a server on this machine, or the AWS account of your credentials (default: %(default)s)",
        )
    for command in (demo, up, redrive, down):
        command.add_argument("--yes", action="store_true", help="do not ask before changing anything in an account")


def _add_client_commands(add: Add) -> None:
    view = View.on_stderr()
    submit = add(
        "submit",
        lambda given: client_commands.submit(
            _where(given), _source(given), idempotency_key=given.idempotency_key, wait=given.wait, view=view
        ),
        "post a task, show its progress, print its result",
        f"{_SIGNS} The exit code is 1 if the task fails, with its error on standard error.",
    )
    source = submit.add_mutually_exclusive_group(required=True)
    source.add_argument("payload", nargs="?", help="JSON, @FILE, or - for standard input")
    source.add_argument("--file", metavar="FILE", help="the same as @FILE")
    submit.add_argument(
        "--idempotency-key", type=_key, metavar="KEY", help="a second post with this key is the same task"
    )
    submit.add_argument("--no-wait", dest="wait", action="store_false", help="print the task's id and return")
    watch = add(
        "watch",
        lambda given: client_commands.watch(_where(given), given.task_id, view=view),
        "show the progress of a task that was posted before, print its result",
        f"{_SIGNS} The exit code is 1 if the task fails, with its error on standard error.",
    )
    watch.add_argument("task_id", metavar="taskId", help="what `submit --no-wait` and POST /task answer")
    list_dlq = add(
        "list-dlq",
        lambda given: client_commands.list_dlq(_where(given), view=view),
        "list the dead letters with the errors of their tasks, and leave them where they are",
    )
    list_dlq.add_argument("--queue-url", metavar="URL", help="the dead-letter queue of any stack")
    for command in (submit, watch, list_dlq):
        command.add_argument("--url", help="the API of any stack, its stage included, such as https://…/v1")
        command.add_argument(
            "--target", choices=("embedded", "aws"), help="where that example has to be up (default: wherever it is)"
        )


def _where(given: argparse.Namespace) -> Where:
    return Where(given.example, given.target, given.url, getattr(given, "queue_url", None))


def _source(given: argparse.Namespace) -> str:
    return str(given.payload) if given.file is None else f"@{given.file}"


def _key(text: str) -> str:
    if not _KEY.fullmatch(text):
        raise argparse.ArgumentTypeError("must be 1 to 255 visible ASCII characters")
    return text
