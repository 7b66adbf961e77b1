"""checkov finds nothing in the module and its examples; every skip stands inline, with its reason."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from harness.paths import ROOT

CHECKOV = ROOT / ".venv" / "checkov" / "bin" / "checkov"
SOURCES = ["*.tf", "examples/*/*.tf"]


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what is published, so that no folder of ours that git ignores is scanned."""
    folder = tmp_path_factory.mktemp("sources")
    for pattern in SOURCES:
        for path in ROOT.glob(pattern):
            target = folder / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    return folder


def scan(folder: Path) -> dict[str, Any]:
    command = [str(CHECKOV), "--directory", str(folder), "--framework", "terraform", "--output", "json", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode in (0, 1), done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


@pytest.fixture(scope="module")
def report(sources: Path) -> dict[str, Any]:
    return scan(sources)


def test_nothing_fails(report: dict[str, Any]) -> None:
    failed = [
        f"{check['check_id']} {check['resource']}: {check['check_name']}"
        for check in report["results"]["failed_checks"]
    ]
    assert failed == []
    assert report["summary"]["parsing_errors"] == 0
    assert report["summary"]["resource_count"] > 20


def test_every_skip_has_a_reason(sources: Path) -> None:
    skips = [line for path in sources.rglob("*.tf") for line in path.read_text().splitlines() if "checkov:skip" in line]
    bare = [line.strip() for line in skips if not re.search(r"checkov:skip=CKV2?_AWS_\d+:\S.{20,}", line)]
    assert bare == []


def test_an_unencrypted_queue_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        'resource "aws_sqs_queue" "bare" {\n  name = "bare"\n  sqs_managed_sse_enabled = false\n}\n'
    )
    assert [check["check_id"] for check in scan(tmp_path)["results"]["failed_checks"]] == ["CKV_AWS_27"]
