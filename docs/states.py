"""Writes the state diagram into README.md, from the table of transitions.

PYTHONPATH=lambda_src python docs/states.py
"""

import argparse
import sys
from pathlib import Path

from marked import filled, publish
from task_runner.record.transitions import TRANSITIONS

BEGIN, END = "<!-- BEGIN_STATES -->", "<!-- END_STATES -->"


def diagram() -> str:
    """Return the transitions as a mermaid diagram: an arrow from each status to each next one."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for row in TRANSITIONS:
        source = row.source.value if row.source else "[*]"
        arrows.setdefault((source, row.target.value), []).append(row.event.value)
    lines = [f"  {source} --> {target}: {', '.join(events)}" for (source, target), events in arrows.items()]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])


def main() -> int:
    """Rewrite the page, or with --check say whether it is stale; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where the page is stale")
    parser.add_argument("--page", type=Path, default=Path(__file__).parents[1] / "README.md")
    arguments = parser.parse_args()
    text = filled(arguments.page, BEGIN, END, f"{diagram()}\n")
    return publish({arguments.page: text}, arguments.page.parent, check=arguments.check)


if __name__ == "__main__":
    sys.exit(main())
