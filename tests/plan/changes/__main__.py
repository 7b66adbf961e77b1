"""Writes the tables of docs/changes.md, from a plan of each input changed alone; takes a minute or two."""

import argparse
import sys
import tempfile
from pathlib import Path

from harness.paths import ROOT
from marked import filled, publish
from plan.changes import page
from plan.planner import Planner

BEGIN, END = "<!-- BEGIN_CHANGES -->", "<!-- END_CHANGES -->"
_TABLES = {
    "## What takes something away": ("Changed", "To", "Replaced or destroyed", "What is lost with it"),
    "## What deploys the API anew": ("Changed", "To", "What changes with it"),
    "## What changes in place": ("Changed", "To", "What changes"),
}


def main() -> int:
    """Rewrite the page, or with --check say whether it is stale; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where the page is stale")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="task-runner-plan-") as home:
        told = page.rows(page.found(Planner(Path(home))))
    tables = [
        f"{heading}\n\n| {' | '.join(columns)} |\n|{' --- |' * len(columns)}\n{''.join(rows)}"
        for (heading, columns), rows in zip(_TABLES.items(), told, strict=True)
    ]
    file = ROOT / "docs" / "changes.md"
    return publish({file: filled(file, BEGIN, END, "\n".join(tables))}, ROOT, check=arguments.check)


if __name__ == "__main__":
    sys.exit(main())
