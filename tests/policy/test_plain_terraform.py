"""The module's Terraform stays plain: a reader takes in a line at a glance, and each condition by itself."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.paths import ROOT

LONGEST, LONGEST_SKIP = 120, 130  # a check's reason stands on one line with its number
FILES = [*ROOT.glob("*.tf"), *ROOT.glob("examples/*/*.tf")]
HARD_TO_READ = {
    "a choice within a choice": r"\?.*\?",
    "a choice between blocks, within a call": r"^\s*\},.*\?\s*\{\}\s*:\s*\{",
    "a loop over one thing, for the sake of its condition": r"\bfor \w+ in \[[\w.]+\] :",
}


def offences(text: str) -> Iterator[str]:
    """Yield what is hard to read, with the number of its line."""
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > (LONGEST_SKIP if "checkov:skip" in line else LONGEST):
            yield f"{number}: {len(line)} columns"
        code = "" if line.lstrip().startswith(("#", "- ")) else re.sub(r'"[^"]*"', '""', line)
        yield from (f"{number}: {what}" for what, pattern in HARD_TO_READ.items() if re.search(pattern, code))
    for condition in re.findall(r"^ +condition += .+$", text, re.MULTILINE):
        if condition.count(" && ") > 1:
            yield f"more than two conditions on a line: {condition.strip()}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_file_is_plain(file: Path) -> None:
    assert list(offences(file.read_text())) == []


@pytest.mark.parametrize(
    "line",
    [
        '  value = var.a ? "b" : var.c ? "d" : "e"',
        "  }, var.cors == null ? {} : {",
        "      [for blocks in [var.blocks] : { Condition = blocks } if length(blocks) > 0],",
        "  # " + "x" * 120,
        "    condition     = var.a >= 1 && var.a <= 9 && floor(var.a) == var.a",
    ],
)
def test_what_is_hard_to_read_is_found(line: str) -> None:
    assert list(offences(line)) != []
