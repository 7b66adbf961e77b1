"""Writes the state diagram into README.md, from the table of transitions.

PYTHONPATH=lambda_src python docs/states.py
"""

import argparse
import sys
from pathlib import Path

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


def filled(page: Path) -> str:
    """Return the page's text with the diagram between its markers.

    Raises:
        SystemExit: the page is missing, or lacks the markers.
    """
    try:
        head, rest = page.read_text().split(BEGIN)
        _, tail = rest.split(END)
    except (FileNotFoundError, ValueError):
        sys.exit(f"{page} must exist and hold '{BEGIN}' and '{END}', once each")
    return f"{head}{BEGIN}\n{diagram()}\n{END}{tail}"


def main() -> int:
    """Rewrite the page, or with --check say whether it is stale; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where the page is stale")
    parser.add_argument("--page", type=Path, default=Path(__file__).parents[1] / "README.md")
    arguments = parser.parse_args()
    text = filled(arguments.page)
    if not arguments.check:
        arguments.page.write_text(text)
    elif text != arguments.page.read_text():
        print(f"{arguments.page.name} is stale: run `make docs`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
