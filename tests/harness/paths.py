"""Where things are in this repository."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build"  # everything a run leaves on purpose: reports, stacks that `up` keeps
STACKS_VARIABLE = "TASK_RUNNER_STACKS"  # a folder for what `up` keeps, for runs that must not meet a developer's own
STACKS = Path(os.environ.get(STACKS_VARIABLE) or BUILD / "stacks").resolve()
REQUIREMENTS = ROOT / "tests" / "requirements"
VENVS = ROOT / ".venv"
SOURCES = ROOT / "lambda_src"
API_ERRORS = SOURCES / "task_runner" / "api" / "errors.json"  # of the function and of the gateway


def module_files() -> list[Path]:
    """Return what Terraform reads of the module: its own files, the Lambda packages, the answers of the API."""
    return [*ROOT.glob("*.tf"), *SOURCES.glob("dist/*.zip"), API_ERRORS]
