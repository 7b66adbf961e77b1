"""The command behind `make bench`."""

import argparse
import sys
import time

from botocore.exceptions import BotoCoreError, ClientError

from benchmarks import report
from benchmarks.bench import Bench
from benchmarks.machine import machine
from benchmarks.subjects import NAMES, ON_REQUEST, Subject, load
from harness.errors import HarnessError
from task_runner_client import TaskRunnerClientError
from task_runner_client.progress import View


def main() -> int:
    """Measure the subjects, and write results, tables and plots; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "subjects",
        nargs="*",
        metavar="subject",
        help=f"of {', '.join(NAMES)}; default: all but {', '.join(ON_REQUEST)}",
    )
    parser.add_argument("--draw", action="store_true", help="measure nothing: tables and plots of the results anew")
    arguments = parser.parse_args()
    if unknown := set(arguments.subjects) - set(NAMES):
        parser.error(f"no such subject: {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    by_default = NAMES if arguments.draw else [name for name in NAMES if name not in ON_REQUEST]
    chosen = {name: load(name) for name in arguments.subjects or by_default}
    failed = 0 if arguments.draw else measured(chosen)
    report.draw(chosen)
    return failed


def measured(chosen: dict[str, Subject]) -> int:
    """Measure one after the other; keep what each has found at once, and the others' earlier results."""
    failed = 0
    with Bench(View()) as bench:
        about, commit = machine(), report.commit()
        for name, subject in chosen.items():
            began = time.monotonic()
            try:
                result = subject.measure(bench)
            except (HarnessError, TaskRunnerClientError, BotoCoreError, ClientError) as error:
                bench.view.say(f"{name}: {error}", "red")
                failed = 1
                continue
            run = {"machine": about | bench.versions(), "commit": commit, "seconds": round(time.monotonic() - began)}
            report.keep(name, run, result)
            bench.view.say(f"\n{name}\n{subject.table(result)}")
    return failed


if __name__ == "__main__":
    sys.exit(main())
