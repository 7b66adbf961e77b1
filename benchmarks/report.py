"""What a run leaves: docs/benchmarks/results.json, the tables of docs/benchmarks.md, plots beside the results."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from benchmarks.subjects import NAMES, Subject, load
from harness.paths import ROOT
from marked import between

PAGE = ROOT / "docs" / "benchmarks.md"
FOLDER = ROOT / "docs" / "benchmarks"
RESULTS = FOLDER / "results.json"

_LIST = re.compile(r"\[[^][{}]+\]")  # of plain values, which stand on one line

Results = dict[str, dict[str, Any]]


def commit() -> str:
    """Return the commit of what is measured, with `-dirty` where files differ from it."""
    command = ["git", "describe", "--always", "--dirty", "--exclude", "*"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "none"


def kept(file: Path = RESULTS) -> Results:
    """Return the newest results of each subject that was ever measured."""
    return json.loads(file.read_text()) if file.is_file() else {}


def keep(name: str, run: Mapping[str, Any], result: Mapping[str, Any], file: Path = RESULTS) -> None:
    """Write a subject's result in place of its earlier one; `run` says on what, of which commit, in how long."""
    today = datetime.now(timezone.utc).date().isoformat()
    results = {**kept(file), name: {"date": today, **run, "result": result}}
    file.parent.mkdir(exist_ok=True)
    text = json.dumps({name: results[name] for name in NAMES if name in results}, indent=1)
    file.write_text(_LIST.sub(lambda numbers: " ".join(numbers[0].split()), text) + "\n")


def draw(subjects: Mapping[str, Subject]) -> None:
    """Write the page's tables of all results, and the plots of these subjects."""
    results = kept()
    PAGE.write_text(page(PAGE.read_text(), results))
    for name, subject in subjects.items():
        plot = getattr(subject, "plot", None)
        if plot and name in results:
            plot(results[name]["result"], FOLDER)


def page(text: str, results: Results) -> str:
    """Return the page's text with each subject's table between its markers.

    Raises:
        SystemExit: a subject has no markers there.
    """
    for name in NAMES:
        marker = name.upper().replace("-", "_")
        begin, end = f"<!-- BEGIN_{marker} -->", f"<!-- END_{marker} -->"
        try:
            text = between(text, begin, end, _section(name, results))
        except ValueError:
            sys.exit(f"{PAGE.relative_to(ROOT)} must hold '{begin}' and '{end}', once each")
    return text


def _section(name: str, results: Results) -> str:
    if name not in results:
        return "\nNot measured yet.\n\n"
    return f"\n{load(name).table(results[name]['result'])}\n{_told(results[name])}\n\n"


def _told(run: Mapping[str, Any]) -> str:
    on: Mapping[str, Any] = run["machine"]
    return (
        f"Measured on {run['date']} in {run['seconds']} s, commit {run['commit']}: {on['cores']} cores of {on['cpu']}, "
        f"Python {on['lambda_python']}"
        + "".join(f", {title} {on[key]}" for key, title in _PARTS.items() if key in on)
        + "."
    )


_PARTS = {"ministack": "MiniStack", "terraform": "Terraform", "provider": "AWS provider"}
