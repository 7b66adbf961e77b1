"""How fast a full queue is drained, of tasks that wait and of tasks that compute, by batch size and concurrency."""

import math
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import plots, tables
from benchmarks.bench import OURS, TEXTBOOK, Bench
from benchmarks.draining import Setting, drained

COUNT = 200
ROUNDS = 3
BATCHES_AT_ONCE = 5
"""How many Lambda begins with, and all that the embedded AWS ever has (Lambda developer guide, "Configuring scaling
behavior for SQS event source mappings")."""
BUDGET = 360.0  # seconds, after which no further round begins
WARM_UP = 60  # tasks: a batch for each of the five that are taken at once, and some
WAITING, COMPUTING = "waiting", "computing"
PAYLOADS = {WAITING: {"seconds": 1}, COMPUTING: {"blocks": 120_000}}
DEFAULT = Setting()
SETTINGS = (DEFAULT, Setting(10, 5), Setting(5, 5))
TARGETS = {WAITING: 10.0, COMPUTING: 1.0}  # times as fast as the textbook version, at least
_NO_WORK = {"seconds": 0.1}


def measure(bench: Bench) -> dict[str, Any]:
    """Return the seconds of each drain, for both kinds of tasks: a round is one drain of each subject."""
    runs: list[tuple[str, Setting]] = [(TEXTBOOK, DEFAULT), *((OURS, setting) for setting in SETTINGS)]
    found: dict[str, dict[str, list[float]]] = {kind: {} for kind in PAYLOADS}
    began = time.monotonic()
    for number in range(ROUNDS):
        if time.monotonic() - began > BUDGET:
            break
        for kind, payload in PAYLOADS.items():
            for name, setting in runs:
                title = label(name, setting)
                with bench.view.step(f"Round {number + 1} of {ROUNDS}, {kind}, {title}") as step:
                    drained(bench.pair[name], setting, _NO_WORK, WARM_UP, step)  # no cold start is measured
                    seconds = drained(bench.pair[name], setting, payload, COUNT, step)
                found[kind].setdefault(title, []).append(round(seconds, 2))
    return {"count": COUNT, "seconds": found}


def label(name: str, setting: Setting) -> str:
    """Name a subject in tables and plots."""
    if name == TEXTBOOK:
        return f"textbook, batch {setting.batch_size}"
    return f"batch {setting.batch_size}, {setting.concurrency} at once"


def speedups(seconds: Mapping[str, list[float]], title: str) -> list[float]:
    """Return how many times as fast as the textbook version a subject was in each round."""
    baseline = seconds[label(TEXTBOOK, DEFAULT)]
    return [theirs / own for theirs, own in zip(baseline, seconds[title], strict=True)]


def limits() -> dict[str, float]:
    """Return how many times as fast each subject can be at most with tasks that wait.

    Tasks that compute are bound by the cores of the machine, whoever hands them out.
    """
    alone = waits(Setting(DEFAULT.batch_size, 1))
    return {label(TEXTBOOK, DEFAULT): 1.0} | {label(OURS, setting): alone / waits(setting) for setting in SETTINGS}


def waits(setting: Setting) -> int:
    """Return how often in a row a task's time has to pass until all are done, if nothing else took any."""
    batches = math.ceil(COUNT / setting.batch_size)
    return math.ceil(batches / BATCHES_AT_ONCE) * math.ceil(setting.batch_size / setting.concurrency)


def table(result: Mapping[str, Any]) -> str:
    """Show seconds and speed-ups; the target is for the settings that the module comes with."""
    each = ("times as fast", "rounds", "limit")
    columns = ("", "waiting, s", *each, "computing, s", *each)
    seconds = result["seconds"]
    rows = [[title, *_cells(seconds, WAITING, title), *_cells(seconds, COMPUTING, title)] for title in seconds[WAITING]]
    wanted = ["wanted, by default", *(cell for kind in PAYLOADS for cell in ("", _wanted(kind), "", ""))]
    return tables.table(columns, [*rows, wanted])


def _wanted(kind: str) -> str:
    return tables.wanted(TARGETS[kind], at_most=False)


def _cells(seconds: Mapping[str, Any], kind: str, title: str) -> list[str]:
    found = speedups(seconds[kind], title)
    target = TARGETS[kind] if title == label(OURS, DEFAULT) else 0.0
    return [
        f"{median(seconds[kind][title]):.1f}",
        tables.ratio(median(found), target, at_most=False),
        f"{min(found):.2f} to {max(found):.2f}",
        f"{limits()[title]:g}" if kind == WAITING else "the cores",
    ]


def plot(result: Mapping[str, Any], folder: Path) -> None:
    """Draw a bar for each setting: times as fast as the textbook version, what the rounds differ by, and the limit."""
    with plots.saved(folder / "drain.png", 1, len(PAYLOADS)) as axes:
        for axis, (kind, seconds) in zip(axes[0], result["seconds"].items(), strict=True):
            axis.set_title(f"{result['count']} {kind} tasks")
            _draw(axis, kind, seconds)


def _draw(axis: Any, kind: str, seconds: Mapping[str, list[float]]) -> None:
    titles = [title for title in reversed(list(seconds)) if not title.startswith(TEXTBOOK)]  # the first is drawn lowest
    found = [speedups(seconds, title) for title in titles]
    middles = [median(each) for each in found]
    below = [middle - min(each) for middle, each in zip(middles, found, strict=True)]
    above = [max(each) - middle for middle, each in zip(middles, found, strict=True)]
    axis.barh(titles, middles, xerr=[below, above], color=plots.COLORS[OURS])
    axis.axvline(1, color=plots.COLORS[TEXTBOOK], label=label(TEXTBOOK, DEFAULT))
    if kind == WAITING:
        axis.plot([limits()[title] for title in titles], titles, "k|", markersize=24, label="limit")
    axis.set_xlabel("times as fast")
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2, markerscale=0.4, frameon=False)
