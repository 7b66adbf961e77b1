"""What a cold start costs: CPU time from the first import to a handler that is ready, and memory, beside plain boto3.

PYTHONPATH=tests .venv/test/bin/python benchmarks/cold_start.py [--first] [--json] [--rounds 9] [--sources FOLDER]

Each cold start is a new process of the bare interpreter, as Lambda runs it: boto3 is the runtime's own and has its
bytecode, the layer is read-only and has none. Elapsed time says little on a busy machine, so CPU time is counted;
the subjects take turns, so that whatever else the machine does meets all of them.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.paths import ROOT
from harness.runtime import runtime_python

BASELINE = "boto3"
UNITS = {"ready": "CPU ms", "first": "CPU ms"}
SUBJECTS = ("api", "worker", BASELINE, "boto3-resource")
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "POWERTOOLS_SERVICE_NAME": "cold",
    "POWERTOOLS_METRICS_NAMESPACE": "TaskRunner",
    "POWERTOOLS_LOG_LEVEL": "INFO",
    "TASK_RUNNER_TABLE_NAME": "tasks",
    "TASK_RUNNER_QUEUE_URL": "https://sqs.eu-central-1.amazonaws.com/123456789012/tasks",
    "TASK_RUNNER_MAX_RECEIVE_COUNT": "5",
    "TASK_RUNNER_RECORD_TTL_SECONDS": "2592000",
    "TASK_RUNNER_QUEUE_RETENTION_SECONDS": "345600",
    "TASK_RUNNER_HANDLER": "tasks.handle",
    "TASK_RUNNER_CONCURRENCY": "10",
    "TASK_RUNNER_RETRY_BASE_SECONDS": "2",
    "TASK_RUNNER_RETRY_CAP_SECONDS": "300",
}


@contextmanager
def unpacked(sources: Path) -> Iterator[Path]:
    """Put layer and task code of the demonstration where a function finds them, read-only and without bytecode."""
    needless = shutil.ignore_patterns("__pycache__")
    with tempfile.TemporaryDirectory() as folder:
        opt = Path(folder)
        shutil.copytree(sources / "task_runner", opt / "python" / "task_runner", ignore=needless)
        shutil.copytree(sources / "demo", opt / "task", ignore=needless)
        folders = [path for path in opt.rglob("*") if path.is_dir()]
        for path in folders:
            path.chmod(0o555)
        try:
            yield opt
        finally:
            for path in folders:
                path.chmod(0o755)  # else it could not be removed


def cold_start(python: Path, opt: Path, subject: str) -> dict[str, float]:
    """Measure one; what the function itself writes is kept out of sight.

    Raises:
        SystemExit: the function could not start, or its first request went wrong; the text is what it wrote.
    """
    found = {"PYTHONPATH": f"{opt / 'task'}:{opt / 'python'}", "LAMBDA_TASK_ROOT": str(opt / "task")}
    done = subprocess.run(
        [python, Path(__file__).with_name("sandbox.py"), subject],
        env={"PATH": os.defpath, "HOME": str(opt), "PYTHONDONTWRITEBYTECODE": "1", **ENVIRONMENT, **found},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode:
        sys.exit(f"{subject}: {done.stdout}{done.stderr}")
    measured: dict[str, float] = json.loads(done.stderr.splitlines()[-1])
    return measured


def medians(rounds: int, sources: Path) -> dict[str, dict[str, float]]:
    """Measure each subject so many times, in turn; return the median of each part, as sandbox.py names them.

    `ready` and `first` are CPU milliseconds; `rest`, `used` and `peak` are MiB, and missing outside of Linux.
    """
    python = runtime_python()
    measured: dict[str, list[dict[str, float]]] = {subject: [] for subject in SUBJECTS}
    with unpacked(sources) as opt:
        for _ in range(rounds):
            for subject in SUBJECTS:
                measured[subject].append(cold_start(python, opt, subject))
    return {
        subject: {part: statistics.median(run[part] for run in runs) for part in runs[0]}
        for subject, runs in measured.items()
    }


def main() -> None:
    """Print a line for each subject."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=9, help="cold starts of each (default: %(default)s)")
    parser.add_argument("--first", action="store_true", help="show the first request as well")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--sources", type=Path, default=ROOT / "lambda_src", help="another checkout's lambda_src")
    options = parser.parse_args()
    shown = medians(options.rounds, options.sources)
    if options.json:
        print(json.dumps(shown, indent=2))
        return
    for part in shown[BASELINE]:
        if part == "first" and not options.first:
            continue
        print(f"{part:16}{UNITS.get(part, 'MiB'):>8}{'ratio':>8}")
        for subject, told in shown.items():
            print(f"{subject:16}{told[part]:8.0f}{told[part] / shown[BASELINE][part]:8.2f}")


if __name__ == "__main__":
    main()
