"""The command line: `python -m harness --help`, from the folder `tests`."""

import argparse
import signal
import sys
from types import FrameType

from botocore.exceptions import BotoCoreError, ClientError

from harness import commands
from harness.errors import HarnessError
from harness.progress import View

_COMMANDS = {
    "demo": (commands.demo, "apply an example, run a task, check the stack, destroy it, prove that nothing is left"),
    "up": (commands.up, "apply an example and leave it running, to play with"),
    "verify": (commands.verify, "run the acceptance checks against what `up` left running"),
    "redrive": (
        commands.redrive,
        "move the dead letters of what `up` left running back, so that failed tasks run again",
    ),
    "down": (commands.down, "destroy what `up` made"),
    "env": (commands.env, 'print settings for a shell, to run terraform by hand: eval "$(python -m harness env)"'),
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return 0 if all went well, 1 if a check failed or an error was explained, 130 if interrupted."""
    chosen = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    view = View()
    try:
        passed = _COMMANDS[chosen.command][0](chosen.target, chosen.example, view, sure=chosen.yes)
    except (HarnessError, BotoCoreError, ClientError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; what was started has been ended.", file=sys.stderr)
        return 130
    return 0 if passed else 1


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """End like on Ctrl-C: every `finally` runs."""
    raise KeyboardInterrupt


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m harness",
        description="Applies an example of the module and drives it, on an embedded AWS unless told otherwise.",
        epilog="Environment: TASK_RUNNER_TERRAFORM names the binary (terraform, tofu, or a path); "
        "TASK_RUNNER_PROVIDER_MIRROR names a folder with the AWS provider, for a machine without its registry.",
    )
    commands_ = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, (_, text) in _COMMANDS.items():
        command = commands_.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        command.add_argument("--example", default="basic", help="folder below examples/ (default: %(default)s)")
        command.add_argument(
            "--target",
            choices=("embedded", "aws"),
            default="embedded",
            help="a server on this machine, or the AWS account of your credentials (default: %(default)s)",
        )
        command.add_argument(
            "--yes", action="store_true", help="do not ask before creating or destroying in an account"
        )
    return parser


if __name__ == "__main__":
    sys.exit(main())
