"""The README's state diagram is made of the table of transitions."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.paths import ROOT


def states(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "docs" / "states.py"), *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "lambda_src")}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    page = tmp_path / "README.md"
    page.write_text((ROOT / "README.md").read_text())
    return page


def test_readme_shows_what_the_table_says() -> None:
    done = states("--check")
    assert done.returncode == 0, done.stderr
    assert "  pending --> failed: Expired\n" in (ROOT / "README.md").read_text()


def test_diagram_that_was_changed_by_hand_is_stale_and_written_anew(page: Path) -> None:
    right = page.read_text()
    page.write_text(right.replace("  pending --> failed: Expired\n", ""))
    done = states("--check", "--page", page)
    assert (done.returncode, done.stderr) == (1, "README.md is stale: run `make docs`\n")
    assert states("--page", page).returncode == 0
    assert page.read_text() == right


def test_page_without_markers_is_refused(page: Path) -> None:
    page.write_text("# No diagram\n")
    done = states("--page", page)
    assert done.returncode == 1
    assert "must exist and hold '<!-- BEGIN_STATES -->'" in done.stderr
    assert page.read_text() == "# No diagram\n"
