"""Task code in this process: one payload, no stack."""

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness import package_script
from harness.__main__ import main
from harness.paths import ROOT

Shown = pytest.CaptureFixture[str]
CODE = """
from task_runner import PermanentError, RetryLater
from helper import double
def handle(payload, context):
    context.progress(0.5, "half way")
    if payload == "permanent": raise PermanentError("never")
    if payload == "later": raise RetryLater(5)
    if payload == "not json": return object()
    return double(payload)
"""
CONFIGURATION = """
worker = {
  package_file = "${path.module}/build/worker.zip"
  handler      = "own_tasks.handle"
}
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A configuration with task code, named as a path."""
    monkeypatch.setattr(package_script, "BUILD", tmp_path / "locks")
    monkeypatch.setattr(sys, "path", [*sys.path])
    before = set(sys.modules)
    folder = tmp_path / "mine"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "own_tasks.py").write_text(CODE)
    (folder / "src" / "helper.py").write_text("def double(n): return 2 * n\n")
    shutil.copy(ROOT / "examples" / "custom-worker" / "package.py", folder)
    (folder / "requirements.txt").touch()
    (folder / "main.tf").write_text(CONFIGURATION)
    yield str(folder)
    for name in {"own_tasks", "helper"} & (set(sys.modules) - before):
        del sys.modules[name]


def test_a_result_is_printed_as_json_and_nothing_beside_it(own: str, capsys: Shown) -> None:
    assert main(["run", "21", "--example", own]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out) == 42
    assert "50% half way" in shown.err


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        ("permanent", "fail for good."),
        ("later", "be tried again when it says."),
        ("not json", "fail for good."),
        ({"not": "a number"}, "be tried again."),
    ],
    ids=["permanent", "later", "no JSON", "anything else"],
)
def test_a_failure_says_what_would_follow(own: str, capsys: Shown, payload: object, says: str) -> None:
    assert main(["run", json.dumps(payload), "--example", own]) == 1
    assert f"The task would {says}" in capsys.readouterr().err


def test_a_failure_is_shown_with_the_task_codes_own_frames_alone(own: str, capsys: Shown) -> None:
    assert main(["run", '{"not": "a number"}', "--example", own]) == 1
    shown = capsys.readouterr().err
    assert [line.rsplit("/", 1)[1] for line in shown.splitlines() if line.startswith("  File")] == [
        'own_tasks.py", line 9, in handle',
        'helper.py", line 1, in double',
    ]


def test_the_files_themselves_run_and_not_their_copies(own: str) -> None:
    assert main(["run", "1", "--example", own]) == 0
    assert sys.modules["own_tasks"].__file__ == f"{own}/src/own_tasks.py"


def test_a_file_holds_a_payload_too(own: str, tmp_path: Path, capsys: Shown) -> None:
    (tmp_path / "payload.json").write_text("4")
    assert main(["run", f"@{tmp_path}/payload.json", "--example", own]) == 0
    assert capsys.readouterr().out == "8\n"


@pytest.mark.parametrize(
    ("payload", "example", "says"),
    [
        ("", "basic", "Give a payload: "),
        ("{", "basic", "The payload is not JSON: "),
        ("@no.json", "basic", "no.json cannot be read: "),
        ("1", "nowhere", "There is no example 'nowhere'. There are: basic"),
    ],
)
def test_what_cannot_run_is_said_in_a_sentence(payload: str, example: str, says: str, capsys: Shown) -> None:
    assert main(["run", payload, "--example", example]) == 2
    shown = capsys.readouterr().err
    assert says in shown
    assert "Traceback" not in shown


def test_a_configuration_that_names_two_functions_is_asked_to_name_one(own: str, capsys: Shown) -> None:
    (Path(own) / "other.tf").write_text('handler = "other.handle"\n')
    assert main(["run", "1", "--example", own]) == 2
    assert "must say in one place what runs" in capsys.readouterr().err
