"""Changes the runtime in one small place at a time, and lists the changes that no unit test notices.

.venv/mutants/bin/python tests/mutants.py ['task_runner.record.*' ...]

A mutant is named module.function__mutmut_number; the patterns choose among them. Each runs the tests that come through
its function, in a copy of the project below .build, for ten minutes in all. Nothing fails: what survives is to be read.
"""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[1]
SCRATCH = ROOT / ".build" / "mutants"
SECONDS = 600
CHOSEN = ("task_runner.*__mutmut_*[37]",)  # a fifth of each function's

# Left out: tests that run for long, and those that start an interpreter, which would find the unchanged sources.
SETTINGS = """
[tool.pytest.ini_options]
pythonpath = ["tests", "src"]
timeout = 60

[tool.mutmut]
source_paths = ["src"]
only_mutate = ["src/task_runner/record/*.py", "src/task_runner/api/*.py", "src/task_runner/worker/*.py"]
do_not_mutate = ["*/entry.py", "*/isolated*.py"]
use_git_change_detection = false
pytest_add_cli_args = ["-p", "no:xdist", "-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = [
  "tests/runtime",
  "--ignore=tests/runtime/invariants",
  "--ignore=tests/runtime/api/test_imports.py",
  "--ignore=tests/runtime/test_aws_data.py",
  "--ignore=tests/runtime/test_config.py",
  "--ignore=tests/runtime/test_environment_of_task_code.py",
  "--ignore=tests/runtime/test_imports.py",
  "--ignore=tests/runtime/test_isolated.py",
  "--ignore=tests/runtime/test_states.py",
]
"""


def prepare() -> None:
    """Copy the sources and their tests to where they can be changed."""
    shutil.rmtree(SCRATCH, ignore_errors=True)
    leave_out = shutil.ignore_patterns("__pycache__", "dist", "e2e", "plan", "policy", "harness_tests")
    shutil.copytree(ROOT / "lambda_src", SCRATCH / "src", ignore=leave_out)
    shutil.copytree(ROOT / "tests", SCRATCH / "tests", ignore=leave_out)
    (SCRATCH / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "openapi.yaml", SCRATCH / "docs")  # what the API's tests compare its answers with
    (SCRATCH / "pyproject.toml").write_text(SETTINGS)


def mutmut(*arguments: str) -> list[str]:
    """Return the command."""
    return [sys.executable, "-m", "mutmut", *arguments]


def run(patterns: list[str]) -> int:
    """Try the mutants until the time is over; return mutmut's exit code, 0 where it had to be stopped."""
    with (SCRATCH / "log.txt").open("w") as log:
        process = subprocess.Popen(
            mutmut("run", "--max-children", str(os.cpu_count() or 2), *patterns),
            cwd=SCRATCH,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            return process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            return 0
        finally:  # also on Ctrl-C: its workers end with it
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def results() -> dict[str, list[str]]:
    """Return the names of the mutants by what became of them."""
    told = subprocess.run(mutmut("results", "--all", "1"), cwd=SCRATCH, capture_output=True, text=True, check=True)
    ends: dict[str, list[str]] = {}
    for name, _, end in (line.strip().partition(": ") for line in told.stdout.splitlines()):
        ends.setdefault(end, []).append(name)
    return ends


def main() -> int:
    """Try the mutants, print what survived as differences, and count."""
    prepare()
    code = run(sys.argv[1:] or list(CHOSEN))
    if code:
        print((SCRATCH / "log.txt").read_text()[-4000:], file=sys.stderr)
        return code
    ends = results()
    ends.pop("not checked", None)
    for name in ends.get("survived", []):
        subprocess.run(mutmut("show", name), cwd=SCRATCH, check=True)
    print("; ".join(f"{len(names)} {end}" for end, names in sorted(ends.items())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
