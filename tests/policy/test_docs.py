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
        *ROOT.glob("examples/*/README.md"),
        ROOT / "docs" / "inputs.md",
        ROOT / "docs" / "security.md",
    ]:
        target = tmp_path / file.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
    return tmp_path


def test_tables_are_current() -> None:
    done = check(ROOT)
    assert done.returncode == 0, done.stderr


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("page", "variables"),
    [("docs/inputs.md", "variables.tf"), ("examples/basic/README.md", "examples/basic/variables.tf")],
)
def test_changed_description_makes_its_page_stale(copy: Path, page: str, variables: str) -> None:
    edit(copy / variables, 'description = "', 'description = "Changed. ')
    done = check(copy)
    assert (done.returncode, done.stderr) == (1, f"{page} is stale: run `make docs`\n")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("optional(number, 365)", "optional(number, 30)"),  # a default
        ("level          = optional(string", "level          = optional(any"),  # a type
        ("days that CloudWatch keeps them", "days that CloudWatch has them"),  # a meaning
    ],
)
def test_changed_attribute_makes_the_reference_stale(copy: Path, old: str, new: str) -> None:
    edit(copy / "variables.tf", old, new)
    done = check(copy)
    assert (done.returncode, done.stderr) == (1, "docs/inputs.md is stale: run `make docs`\n")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    - `level`: ", "    - `levels`: "),
        ("    retention_days = optional(number, 365)\n", ""),
        (
            "    level          = optional(string",
            "    color          = optional(string)\n    level          = optional(string",
        ),
    ],
)
def test_attribute_without_a_meaning_or_without_a_type_is_refused(copy: Path, old: str, new: str) -> None:
    edit(copy / "variables.tf", old, new)
    done = check(copy)
    assert done.returncode == 1
    assert "variable 'logs': these stand in its type or in its description, and not in both: " in done.stderr


def test_each_attribute_has_a_row_of_its_own() -> None:
    lines = (ROOT / "docs" / "inputs.md").read_text().splitlines()
    named = [line.split("`")[1] for line in lines if line.startswith("| `") and "." in line.split("`")[1]]
    assert len(named) == len(set(named)) > 70
    assert {"api.usage_plan.quota.limit", "worker.policy_statements", "logs.level"} <= set(named)
    assert "| `api.throttle.rate` | `number` | `100` | Requests a second" in "\n".join(lines)


def test_page_without_markers_is_refused(copy: Path) -> None:
    (copy / "docs" / "inputs.md").write_text("# No tables\n")
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
