"""Calls of AWS, and their bytes: for a POST, a GET, a task of a worker, and what a batch takes on top of its tasks."""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.bench import Bench
from benchmarks.in_process import in_process
from benchmarks.tables import table as markdown

BATCH = 10
TARGETS = {"POST": 2, "GET": 1, "task": 2, "batch": 1}  # calls, at most
_TITLES = {"POST": "POST", "GET": "GET", "task": "worker, each task", "batch": "worker, each batch on top"}

Figures = dict[str, float]


def measure(bench: Bench) -> dict[str, Any]:
    """Return calls and bytes of both versions."""
    with bench.view.step("Counting calls"):
        return {name: summed(acts) for name, acts in in_process("calls", BATCH).items()}


def summed(acts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the figures of each act; what grows with a batch is a task's, the rest is the batch's."""
    one, many = _figures(acts["batch of 1"]), _figures(acts["batch"])
    task = {name: (many[name] - one[name]) / (BATCH - 1) for name in one}
    figures = {
        "POST": _figures(acts["POST"]),
        "GET": _figures(acts["GET"]),
        "task": task,
        "batch": {name: one[name] - task[name] for name in one},
    }
    shown = {what: {name: round(value, 1) for name, value in of.items()} for what, of in figures.items()}
    return {"figures": shown, "at_once": acts["at once"]}


def _figures(calls: Sequence[Mapping[str, Any]]) -> Figures:
    return {
        "calls": len(calls),
        "sent": sum(call["sent"] for call in calls),
        "received": sum(call["received"] for call in calls),
    }


def table(result: Mapping[str, Any]) -> str:
    """Show them side by side."""
    columns = ("", "calls", "wanted", "textbook's calls", "bytes sent", "textbook's", "bytes received", "textbook's")
    ours, textbook = result["ours"]["figures"], result["textbook"]["figures"]
    rows = [_row(what, ours[what], textbook[what]) for what in TARGETS]
    module, other = (result[name]["at_once"] for name in ("ours", "textbook"))
    told = (
        f"Calls of a POST that are under way at the same time: {module} of the module, {other} of the textbook version."
    )
    return f"{markdown(columns, rows)}\n{told}\n"


def _row(what: str, ours: Figures, textbook: Figures) -> list[str]:
    calls = f"{ours['calls']:g}"
    compared = [f"{side[figure]:,.0f}" for figure in ("sent", "received") for side in (ours, textbook)]
    met = calls if ours["calls"] <= TARGETS[what] else f"**{calls}**"
    return [_TITLES[what], met, f"≤ {TARGETS[what]}", f"{textbook['calls']:g}", *compared]
