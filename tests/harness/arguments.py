"""The commands of the command line and their arguments; each parsed command carries the function that runs it."""

import argparse
from collections.abc import Callable

from harness import demonstration, stack_commands
from harness.command_line import program
from harness.errors import HarnessError
from harness.given_variables import file_argument, value_argument
from harness.task_arguments import add_task_commands
from task_runner_client.progress import View

Run = Callable[[argparse.Namespace], bool]
Add = Callable[..., argparse.ArgumentParser]  # takes a command's name, what runs it, its help and more of it


def parser() -> argparse.ArgumentParser:
    """Return the parser. What it parses has `run`, which takes the parsed arguments and tells whether all went well."""
    top = argparse.ArgumentParser(
        prog=program(),
        description="Applies an example of the module and drives it, on an embedded AWS unless told otherwise.",
        epilog="Environment: TASK_RUNNER_TERRAFORM names the binary (terraform, tofu, or a path); "
        "TASK_RUNNER_PROVIDER_MIRROR names a folder with the AWS provider, for a machine without its registry; "
        "TASK_RUNNER_STACKS names the folder in which `up` keeps its stacks. The command "
        "task-runner posts tasks to it and lists its dead letters; `up` prints how.",
    )
    commands = top.add_subparsers(required=True, metavar="command", title="commands")

    def add(name: str, run: Run, text: str, more: str = "", *, on_example: bool = True) -> argparse.ArgumentParser:
        description = f"{text[0].upper()}{text[1:]}. {more}".strip()
        command = commands.add_parser(name, help=text, description=description)
        command.set_defaults(run=run)
        if on_example:
            command.add_argument(
                "--example", default="basic", help="name below examples/, or path of a folder (default: %(default)s)"
            )
        return command

    _add_commands(add)
    for command in add_task_commands(add, View()):
        add_instance(command)
    return top


def _add_commands(add: Add) -> None:
    view = View()
    demo = add(
        "demo",
        lambda given: demonstration.demo(given.example, given.target, given.variables, sure=given.yes, view=view),
        "apply an example, run a task, check the stack, destroy it, prove that nothing is left",
    )
    up = add(
        "up",
        lambda given: stack_commands.up(
            given.example, given.target, given.variables, sure=given.yes, detach=given.detach, view=view
        ),
        "apply an example and stay with it: follow its logs, deploy its task code when that changes",
        "On an account it applies and returns. Where standard output is no terminal it follows all the same, in plain "
        "lines: scripts want --detach.",
    )
    up.add_argument("--detach", action="store_true", help="return after the apply; the stack stays up")
    verify = add(
        "verify",
        lambda given: stack_commands.verify(given.example, given.instance, view=view),
        "run the acceptance checks against what `up` left running",
    )
    redrive = add(
        "redrive",
        lambda given: stack_commands.redrive(given.example, given.instance, sure=given.yes, view=view),
        "move the dead letters of what `up` left running back, so that failed tasks run again",
    )
    down = add(
        "down",
        lambda given: stack_commands.down(given.example, sure=given.yes, view=view),
        "end what `up` made: on an account everything is destroyed, an embedded AWS goes as a whole",
    )
    env = add(
        "env",
        lambda given: stack_commands.env(given.example, given.instance, view=view),
        'print settings for a shell, to run terraform, aws and task-runner by hand: eval "$(make env)"',
    )
    for command in (demo, up):
        command.add_argument(
            "--target",
            choices=("embedded", "aws"),
            default="embedded",
            help="a server on this machine, or the AWS account of your credentials (default: %(default)s)",
        )
        _add_variables(command)
    for command in (verify, redrive, env):
        add_instance(command)
    for command in (demo, up, redrive, down):
        command.add_argument("--yes", action="store_true", help="do not ask before changing anything in an account")


def add_instance(command: argparse.ArgumentParser) -> None:
    """Let a command be told which instance of the module it is about."""
    command.add_argument(
        "--instance",
        default="",
        metavar="ADDRESS",
        help='which instance of the module, as in module.jobs["mail"], where the configuration has more than one',
    )


def _add_variables(command: argparse.ArgumentParser) -> None:
    """Take variables as Terraform does, in the order in which they count."""
    for options, convert, text in (
        (("--var", "-var"), value_argument, "a value for a variable of the configuration, as in name=value"),
        (("--var-file", "-var-file"), file_argument, "a file of such values"),
    ):
        command.add_argument(
            *options, dest="variables", action="append", default=[], type=_argument(convert), help=text
        )


def _argument(convert: Callable[[str], str]) -> Callable[[str], str]:
    def converted(text: str) -> str:
        try:
            return convert(text)
        except HarnessError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return converted
