import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from harness.paths import ROOT


def check(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "docs" / "generate.py", "--check", "--root", root],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for file in [
        *ROOT.glob("*.tf"),
        *ROOT.glob("examples/*/*.tf"),
        *ROOT.glob("**/README.md"),
        ROOT / "docs" / "security.md",
    ]:
        target = tmp_path / file.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
    return tmp_path


def test_tables_are_current() -> None:
    done = check(ROOT)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("readme", ["README.md", "examples/basic/README.md"])
def test_changed_description_makes_its_readme_stale(copy: Path, readme: str) -> None:
    variables = copy / Path(readme).parent / "variables.tf"
    variables.write_text(variables.read_text().replace('description = "', 'description = "Changed. ', 1))
    done = check(copy)
    assert (done.returncode, done.stderr) == (1, f"{readme} is stale: run `make docs`\n")


def test_readme_without_markers_is_refused(copy: Path) -> None:
    (copy / "README.md").write_text("# No tables\n")
    done = check(copy)
    assert done.returncode == 1
    assert "BEGIN_TF_DOCS" in done.stderr


def test_changed_skip_makes_the_security_page_stale(copy: Path) -> None:
    table = copy / "table.tf"
    table.write_text(table.read_text().replace("checkov:skip=CKV_AWS_119:", "checkov:skip=CKV_AWS_119:Changed. ", 1))
    done = check(copy)
    assert (done.returncode, done.stderr) == (1, "docs/security.md is stale: run `make docs`\n")


def test_security_page_lists_every_skip() -> None:
    written = sum(
        file.read_text().count("checkov:skip=") for file in [*ROOT.glob("*.tf"), *ROOT.glob("examples/*/*.tf")]
    )
    listed = [line for line in (ROOT / "docs" / "security.md").read_text().splitlines() if "| CKV" in line]
    assert len(listed) == written > 10
