"""A cold start pays for what it uses."""

import os
import subprocess
import sys

import pytest

from harness.paths import ROOT

ORIGINS = {"TASK_RUNNER_CORS_ALLOW_ORIGINS": "*", "TASK_RUNNER_CORS_MAX_AGE": "0"}


@pytest.mark.parametrize(("variables", "imported"), [({}, "False"), (ORIGINS, "True")])
def test_cors_is_imported_only_where_a_script_may_call(variables: dict[str, str], imported: str) -> None:
    code = "import sys, task_runner.api.entry; print('task_runner.api.cors' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT / "lambda_src"), **variables},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() == imported
