"""What a function's start costs before its first request, beside plain boto3: time, imports, instructions."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks import tables
from benchmarks.bench import Bench
from benchmarks.cold_start import BASELINE, SUBJECTS, medians, unpacked
from benchmarks.observed import ENTRY, import_costs, instructions
from benchmarks.plots import saved
from harness.errors import HarnessError
from harness.paths import ROOT

SOURCES = ROOT / "lambda_src"
ROUNDS = 9
IMPORT_ROUNDS = 9
SHOWN = ("api", "worker", BASELINE)
TARGET, NEXT = 1.0, 0.8
PARTS = {
    "ready": "CPU until the handler is ready, ms",
    "first": "CPU of the first request, ms",
    "rest": "memory with the handler ready, MB",
    "used": "memory after the first request, MB",
    "peak": "memory at most, MB",
}
UNTARGETED = {"first"}  # plain boto3 only makes the two calls of a request: it neither reads nor checks nor logs one
Imports = Mapping[str, Mapping[str, float]]
FEW_MS = 2.0  # packages below it in every column are told together


def measure(bench: Bench) -> dict[str, Any]:
    """Start the API function, the worker and a program that makes the same clients with boto3, in turn."""
    with bench.view.step("Cold starts"):
        measured = medians(ROUNDS, SOURCES)
    with bench.view.step("Cold starts, observed") as step, unpacked(SOURCES) as opt:
        imports: dict[str, dict[str, float]] = {}
        for done, subject in enumerate(SHOWN):
            step.update(done, len(SHOWN), subject)
            imports[subject] = import_costs(opt, subject, IMPORT_ROUNDS)
        try:
            counted: Any = instructions(opt, SHOWN)
        except HarnessError as reason:
            counted = str(reason)
    return {"rounds": ROUNDS, "medians": measured, "imports": imports, "instructions": counted}


def table(result: Mapping[str, Any]) -> str:
    """Show each part and its ratio to plain boto3, then what importing each package takes."""
    return f"{_parts(result)}\n{_imports(result['imports'])}"


def _parts(result: Mapping[str, Any]) -> str:
    measured: Mapping[str, Mapping[str, float]] = result["medians"]
    columns = ("", "API function", "worker", "plain boto3", "ratio", "ratio", "target, next")
    rows = [
        _row(PARTS.get(part, part), {name: measured[name][part] for name in SHOWN}, wanted=part not in UNTARGETED)
        for part in measured[BASELINE]
    ]
    if isinstance(result["instructions"], str):
        return f"{tables.table(columns, rows)}\n{result['instructions']}\n"
    millions = {name: count / 1e6 for name, count in result["instructions"].items()}
    return tables.table(columns, [*rows, _row("instructions until the first request's end, millions", millions)])


def _row(title: str, values: Mapping[str, float], *, wanted: bool = True) -> list[str]:
    most = TARGET if wanted else math.inf
    ratios = [tables.ratio(values[name] / values[BASELINE], most) for name in ("api", "worker")]
    return [title, *(f"{values[name]:,.1f}" for name in SHOWN), *ratios, f"{tables.wanted(TARGET)}, {NEXT}" * wanted]


def _imports(imports: Imports) -> str:
    told = _costly(imports)
    all_of = {of: sum(imports[of].values()) - imports[of].get(ENTRY, 0) for of in SHOWN}
    rows = [[name, *(f"{imports[of].get(name, 0):.1f}" for of in SHOWN)] for name in told]
    rest = (all_of[of] - sum(imports[of].get(name, 0) for name in told) for of in SHOWN)
    rows += [["others", *(f"{cost:.1f}" for cost in rest)]]
    rows += [["together", *(f"{all_of[of]:.1f}" for of in SHOWN)]]
    rows += [[ENTRY, *(f"{imports[of][ENTRY]:.1f}" if ENTRY in imports[of] else "" for of in SHOWN)]]
    return tables.table(
        (f"importing, elapsed ms, the least of {IMPORT_ROUNDS}", "API function", "worker", "plain boto3"), rows
    )


def _costly(imports: Imports) -> list[str]:
    most: dict[str, float] = {}
    for packages in imports.values():
        for name, cost in packages.items():
            most[name] = max(cost, most.get(name, 0))
    return sorted((name for name in most if most[name] >= FEW_MS and name != ENTRY), key=lambda name: -most[name])


def plot(result: Mapping[str, Any], folder: Path) -> None:
    """Draw the CPU time of each, and what it spends on importing which package."""
    measured, imports = result["medians"], result["imports"]
    with saved(folder / "cold-start.png", columns=2) as ((times, costs),):
        names = [name for name in SUBJECTS if name in measured]
        for part, below in (("ready", None), ("first", "ready")):
            bottom = [measured[name][below] if below else 0 for name in names]
            times.bar(names, [measured[name][part] for name in names], bottom=bottom, label=PARTS[part])
        times.axhline(measured[BASELINE]["ready"] * TARGET, color="black", linewidth=0.8, linestyle="--")
        times.set_title("CPU, ms (line: target)")
        times.legend(fontsize=7, loc="lower left")
        floor = dict.fromkeys(SHOWN, 0.0)
        for package in _costly(imports):
            heights = [imports[name].get(package, 0) for name in SHOWN]
            costs.bar(SHOWN, heights, bottom=list(floor.values()), label=package)
            floor = {name: floor[name] + height for name, height in zip(SHOWN, heights, strict=True)}
        costs.set_title("importing, ms")
        costs.set_ylim(0, 1.6 * max(floor.values()))
        costs.legend(fontsize=7, ncols=3, loc="upper center")
