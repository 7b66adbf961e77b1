"""Commands of the harness that are printed, or refused: each printed line runs from where it is printed."""

import os
import sys
from pathlib import Path

import pytest

from harness.command_line import CALLER_VARIABLE, command_line
from harness.paths import ROOT, STACKS_VARIABLE
from harness_tests.shells import shell

TASK = '{"text": "it\'s $HOME, $(PWD) and \\"more\\""}'
NOT_UP = "{} is not up. Start it with: "
FOLDERS = {"the root": ROOT, "tests": ROOT / "tests", "elsewhere": Path("/")}
anywhere = pytest.mark.parametrize("folder", FOLDERS.values(), ids=FOLDERS)


@pytest.fixture
def stacks(tmp_path: Path) -> dict[str, str]:
    """Nothing is up."""
    return {STACKS_VARIABLE: str(tmp_path)}


@anywhere
@pytest.mark.parametrize("command", ["submit", "watch", "logs", "status"])
def test_a_command_by_python_runs_where_it_is_printed(
    command: str, folder: Path, stacks: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAKELEVEL", raising=False)
    monkeypatch.chdir(folder)
    done = shell(command_line(command, "custom-worker"), folder, **stacks)
    assert done.returncode == 2
    assert NOT_UP.format("custom-worker") in done.stderr


@anywhere
def test_a_command_by_make_runs_where_it_is_printed(
    folder: Path, stacks: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAKELEVEL", "1")
    monkeypatch.setenv(CALLER_VARIABLE, str(folder))
    line = command_line("submit", "custom-worker", 'module.jobs["mail"]', TASK=TASK)
    asked = shell(line.replace("make", "make -n", 1), folder, **stacks)
    assert """submit "$TASK" --example 'custom-worker' --instance 'module.jobs["mail"]'""" in asked.stdout, asked.stderr


@pytest.mark.parametrize("given", [TASK, '{\n"text":\n"two lines"}', "-5", '"$$"'])
def test_make_hands_a_payload_on_as_it_is(given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAKELEVEL", "1")
    (tmp_path / "probe.mk").write_text(f'include {ROOT}/Makefile\nprobe:\n\t@printf %s "$$TASK"\n')
    line = command_line("probe", "basic", TASK=given).replace("make ", "make -f probe.mk ", 1)
    assert shell(line, tmp_path).stdout == given


def test_up_again_after_a_command_that_found_nothing(stacks: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAKELEVEL", raising=False)
    monkeypatch.chdir("/")
    said = shell(command_line("status", "basic"), Path("/"), **stacks).stderr
    printed = said.rpartition("Start it with: ")[2].strip()
    assert shell(f"{printed} --help", Path("/"), **stacks).stdout.startswith("usage: ")


@anywhere
def test_the_usage_of_a_mistaken_call_names_a_program_that_runs(folder: Path) -> None:
    mistaken = shell(f"{sys.executable} {os.path.relpath(ROOT / 'tests' / 'harness', folder)} publish", folder)
    assert mistaken.returncode == 2
    named = mistaken.stderr.removeprefix("usage: ").partition("[-h]")[0].strip()
    assert shell(f"{named} --help", folder).returncode == 0, mistaken.stderr
