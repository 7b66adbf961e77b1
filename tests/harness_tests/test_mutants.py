"""What `make mutants` copies is enough for the tests that it runs."""

import subprocess
import sys
from pathlib import Path

import pytest
import tomllib

import mutants


def test_tests_of_the_copy_can_be_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutants, "SCRATCH", tmp_path / "mutants")
    mutants.prepare()
    chosen = tomllib.loads(mutants.SETTINGS)["tool"]["mutmut"]
    arguments = [*chosen["pytest_add_cli_args"], *chosen["pytest_add_cli_args_test_selection"]]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", *arguments],
        cwd=mutants.SCRATCH,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout
    assert "tests/runtime/api/test_errors.py" in done.stdout


def test_what_is_left_out_is_there() -> None:
    chosen = tomllib.loads(mutants.SETTINGS)["tool"]["mutmut"]["pytest_add_cli_args_test_selection"]
    assert all((mutants.ROOT / path.removeprefix("--ignore=")).exists() for path in chosen)
