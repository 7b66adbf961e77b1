"""The command line: `python tests/harness --help`, from anywhere; `python -m harness` in the folder `tests`."""

import signal
import sys
from pathlib import Path
from types import FrameType

if not __package__:  # called by its path, which Python then takes for where modules are
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from botocore.exceptions import BotoCoreError, ClientError

from harness.arguments import parser
from harness.errors import BadInput, HarnessError
from task_runner_client import TaskRunnerClientError


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit code.

    0: all went well; 1: a check failed, or an error was explained; 2: it was called wrongly; 130: interrupted.
    """
    chosen = parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        passed = chosen.run(chosen)
    except (HarnessError, TaskRunnerClientError, BotoCoreError, ClientError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 2 if isinstance(error, BadInput) else 1
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 130
    return 0 if passed else 1


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """End like on Ctrl-C: every `finally` runs."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
