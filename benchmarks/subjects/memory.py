"""What the functions hold in memory, at rest and at most, and how large their packages are."""

import subprocess
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks import tables
from benchmarks.bench import SIDES, Bench, Side
from benchmarks.plots import COLORS, saved
from benchmarks.processes import of_group
from harness.runtime import runtime_python
from support.queues import wait_until_settled

FUNCTIONS = {"api": "API function", "worker": "worker"}
# Of what both ask for; Lambda's quotas for a package that is uploaded, and for all layers with it, unpacked.
LIMITS = {"peak": "≤ 512", "package": "≤ 51,200, 256,000 unpacked"}
TITLES = {"rest": "at rest, MB", "peak": "at most, MB", "package": "packages with layers, zipped, KB"}
TASKS, CLIENTS = 200, 4
QUIET = 2.0  # seconds after which a function rests


def measure(bench: Bench) -> dict[str, Any]:
    """Run one task, then many, on each side; return what the largest process of each function holds."""
    found: dict[str, Any] = {"interpreter": interpreter()}
    for name, side in bench.pair.items():
        with bench.view.step(f"Memory of {name}"):
            run(side, 1)
            time.sleep(QUIET)
            rest = {kind: held(bench, side, kind, "resident") for kind in FUNCTIONS}
            run(side, TASKS)
            found[name] = {
                kind: {"rest": rest[kind], "peak": held(bench, side, kind, "peak"), "package": packages(side, kind)}
                for kind in FUNCTIONS
            }
    return found


def interpreter() -> float:
    """Return the MB of an interpreter that runs nothing, of which each function is made."""
    told = "print(next(line for line in open('/proc/self/status') if line.startswith('VmRSS')).split()[1])"
    done = subprocess.run([runtime_python(), "-c", told], capture_output=True, text=True, check=True)
    return round(int(done.stdout) / 1024, 1)


def run(side: Side, tasks: int) -> None:
    """Post tasks and ask for each, from clients side by side, and wait until all are done."""
    api = side.client()
    with ThreadPoolExecutor(min(tasks, CLIENTS)) as clients:
        list(clients.map(lambda _: api.get(api.submit({})["taskId"]), range(tasks)))
    wait_until_settled(side.target, side.outputs)


def held(bench: Bench, side: Side, kind: str, which: str) -> float:
    """Return the MB of a function's largest process: what is `resident`, or what was at the `peak`."""
    name = side.outputs[f"{kind}_function_name"]
    sizes: list[float] = [getattr(one, which) for one in of_group(bench.server.group) if one.function == name]
    return round(max(sizes), 1)


def packages(side: Side, kind: str) -> float:
    """Return the KB of what Lambda fetches for a new sandbox: the function's package and its layers, zipped."""
    client = side.target.client("lambda")
    function = client.get_function_configuration(FunctionName=side.outputs[f"{kind}_function_name"])
    layers = [client.get_layer_version_by_arn(Arn=layer["Arn"]) for layer in function.get("Layers", ())]
    sizes: list[int] = [function["CodeSize"], *(layer["Content"]["CodeSize"] for layer in layers)]
    return round(sum(sizes) / 1024, 1)


def table(result: Mapping[str, Any]) -> str:
    """Show a row for each function and figure."""
    limits = {"rest": f"≥ {result['interpreter']:.1f}, an interpreter that runs nothing", **LIMITS}
    rows = []
    for kind, title in FUNCTIONS.items():
        for figure, what in TITLES.items():
            ours, textbook = (result[name][kind][figure] for name in SIDES)
            ratio = tables.ratio(ours / textbook, 1.0) if figure != "package" else ""
            rows.append([f"{title}, {what}", f"{ours:,.1f}", f"{textbook:,.1f}", ratio, limits[figure]])
    return tables.table(("", "ours", "textbook", "ratio", "limit"), rows)


def plot(result: Mapping[str, Any], folder: Path) -> None:
    """Draw rest and peak of each function, side by side."""
    with saved(folder / "memory.png") as ((axes,),):
        for offset, name in enumerate(SIDES):
            bars = [f"{title}\n{when}" for title in FUNCTIONS.values() for when in ("at rest", "at most")]
            sizes = [result[name][kind][figure] for kind in FUNCTIONS for figure in ("rest", "peak")]
            places = [place + 0.4 * offset - 0.2 for place in range(len(bars))]
            axes.bar(places, sizes, width=0.4, color=COLORS[name], label=name)
        axes.axhline(result["interpreter"], color="black", linewidth=0.8, linestyle="--", label="bare interpreter")
        axes.set_xticks(range(len(bars)), bars, fontsize=7)
        axes.set_title("resident memory, MB")
        axes.set_ylim(0, 1.5 * max(sizes))
        axes.legend(ncols=3, fontsize=7, loc="upper center")
