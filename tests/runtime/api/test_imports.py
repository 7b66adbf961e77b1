"""A cold start pays for what it uses."""

import os
import subprocess
import sys

import pytest

from harness.paths import ROOT
from task_runner.api.routes import OPTIONAL

CORS, RETRY = "task_runner.api.cors", "task_runner.api.routes.retry"
ORIGINS = {"TASK_RUNNER_CORS_ALLOW_ORIGINS": "*", "TASK_RUNNER_CORS_MAX_AGE": "0"}


@pytest.mark.parametrize(
    ("variables", "modules"), [({}, []), (ORIGINS, [CORS]), ({"TASK_RUNNER_ROUTES": "retry"}, [RETRY])]
)
def test_what_is_optional_is_imported_only_where_it_is_asked_for(variables: dict[str, str], modules: list[str]) -> None:
    optional = [CORS, *(f"task_runner.api.routes.{name}" for name in OPTIONAL)]
    code = f"import sys, task_runner.api.entry; print([name for name in {optional} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT / "lambda_src"), **variables},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() == str(modules)
