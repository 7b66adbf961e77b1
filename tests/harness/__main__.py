"""The command line: `python -m harness --help`, from the folder `tests`."""

import signal
import sys
from types import FrameType

from botocore.exceptions import BotoCoreError, ClientError

from harness.arguments import parser
from harness.errors import HarnessError
from task_runner_client import TaskRunnerClientError


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return 0 if all went well, 1 if a check failed or an error was explained, 130 if interrupted."""
    chosen = parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        passed = chosen.run(chosen)
    except (HarnessError, TaskRunnerClientError, BotoCoreError, ClientError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 130
    return 0 if passed else 1


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """End like on Ctrl-C: every `finally` runs."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
