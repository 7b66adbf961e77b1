"""What the pages have a reader type exists: make's targets and variables, commands and their options, paths."""

import functools
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from harness.paths import ROOT
from policy.pages import HISTORY, PAGES, Block, blocks, code_spans, commands

MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z]+):.*## ", MAKEFILE, re.MULTILINE))
VARIABLES = set(re.findall(r"\$\((?:value )?([A-Z]+)\)", MAKEFILE))
BLOCKS = blocks("sh", "console")
SOURCES = [*(path.read_text() for path in ROOT.glob("examples/*/outputs.tf")), *(block.text for block in blocks("hcl"))]
OUTPUTS = set(re.findall(r'^output "(\w+)"', "\n".join(SOURCES), re.MULTILINE))
# A command of the harness or of the client, its subcommand, and what is given to it.
CALL = re.compile(r"(?:python -m (?P<module>harness)|(?P<client>task-runner))(?P<given>(?: [^|;&)#`]*)?)")


@functools.cache
def helped(module: str, subcommand: str = "") -> str:
    """What `--help` prints."""
    arguments = [subcommand, "--help"] if subcommand else ["--help"]
    places = os.pathsep.join(str(ROOT / folder) for folder in ("tests", "client/src"))
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": places, "COLUMNS": "200"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def unknown_in(command: str) -> list[str]:
    """Return what a command names that is not there."""
    words = shlex.split(re.sub(r"make -C \S+", "make", command), comments=True)
    found = []
    for before, word in zip(["", *words], words, strict=False):
        if before == "make":
            found += [] if word in TARGETS else [f"make {word}"]
        elif re.fullmatch(r"[A-Z]+=\S+", word) and "make" in words:
            found += [] if word.partition("=")[0] in VARIABLES else [word]
        elif re.match(r"(\./\w|(examples|docs|tests|lambda_src|client)/)", word):
            found += [] if (ROOT / word.partition("[")[0]).exists() else [word]  # without the extras of a package
    found += [name for name in re.findall(r"terraform output -\w+ (\w+)", command) if name not in OUTPUTS]
    for call in CALL.finditer(command):
        module = "harness" if call["module"] else "task_runner_client"
        given: list[str] = [*call["given"].split(), "--help"]
        subcommand = given[0]
        known = set(re.findall(r"--[a-z-]+", helped(module, "" if subcommand.startswith("-") else subcommand)))
        found += [word for word in given if word.startswith("--") and word not in known]
    return found


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_block_is_shell(block: Block) -> None:
    script = "\n".join(commands(block))
    assert script
    done = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_block_names_what_is_there(block: Block) -> None:
    # What a here-document holds is no shell.
    script = re.sub(r"<<'END'.*?^END$", "", "\n".join(commands(block)), flags=re.DOTALL | re.MULTILINE)
    assert [name for line in script.splitlines() for name in unknown_in(line)] == []


@pytest.mark.parametrize("page", [page for page in PAGES if page not in HISTORY], ids=lambda page: page.name)
def test_text_names_what_is_there(page: Path) -> None:
    spans = [span for span in code_spans(page) if re.match(r"make [a-z]|python -m harness|task-runner ", span)]
    assert [name for span in spans for name in unknown_in(span)] == []


def test_make_help_prints_commands_as_a_shell_takes_them() -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert 'eval "$(make env)"' in shown
    assert "$$" not in shown  # the shell's own process id


@pytest.mark.parametrize(
    "command",
    [
        "make nothing",
        "make -C .. nothing",
        "make up EXAMPEL=basic",
        "pip install ./clients",
        "python -m harness up --detached",
    ],
)
def test_what_is_not_there_is_found(command: str) -> None:
    assert unknown_in(command)
