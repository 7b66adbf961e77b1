"""How long `terraform apply` takes from nothing, and which resources decide it."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import tables
from benchmarks.bench import HERE, OURS, SIDES, TEXTBOOK, Bench
from benchmarks.plots import COLORS, saved
from benchmarks.timeline import Made, Timeline, awaited, critical_path, told
from harness.paths import ROOT
from harness.runner import run
from harness.terraform import terraform_binary

SOURCES = {OURS: ROOT / "examples" / "basic", TEXTBOOK: HERE / "textbook"}
WAIT = 25.0  # seconds that the provider waits for each write to a queue
TARGET = 2 * WAIT + 10
QUEUE = "aws_sqs_queue"


def measure(bench: Bench) -> dict[str, Any]:
    """Apply the example and the textbook version, one after the other."""
    found = {}
    for name in SIDES:
        with bench.view.step(f"Applying {SOURCES[name].name}"):
            found[name] = applied(bench, SOURCES[name], f"apply-{name}")
    return found


def applied(bench: Bench, source: Path, name: str) -> dict[str, Any]:
    """Apply a configuration; return the seconds of the whole command, and of each resource."""
    stack = bench.prepared(source, name=name, **bench.packages)
    timeline, began = Timeline(time.time()), time.monotonic()
    command = [terraform_binary().path, "apply", "-json", "-auto-approve", "-input=false"]
    run(command, stack.folder, bench.target.terraform_environment(), grace=10, on_line=timeline)
    seconds = time.monotonic() - began
    path = critical_path(timeline.made, awaited(stack.folder / "terraform.tfstate"))
    return {
        "seconds": round(seconds, 1),
        "resources": [told(made) for made in timeline.made],
        "path": [told(made) for made in path],
    }


def table(result: Mapping[str, Any]) -> str:
    """Show the seconds, and the critical path of each."""
    ours, textbook = (result[name]["seconds"] for name in SIDES)
    waits = {name: sum(QUEUE in one.address for one in _made(result[name]["path"])) for name in SIDES}
    rows = [
        ["`terraform apply`, s", f"{ours:.1f}", f"{textbook:.1f}", tables.ratio(ours / textbook, 1.0), f"≤ {TARGET:g}"],
        ["waits for queues in a row", str(waits[OURS]), str(waits[TEXTBOOK]), "", "2, of 25 s each"],
        ["without them, s", *(f"{result[name]['seconds'] - WAIT * waits[name]:.1f}" for name in SIDES), "", "≤ 10"],
        ["until the first resource begins, s", *(f"{_first(result[name]):.1f}" for name in SIDES), "", ""],
        ["resources", *(str(len(result[name]["resources"])) for name in SIDES), "", ""],
    ]
    shown = tables.table(("", "examples/basic", "textbook", "ratio", "target"), rows)
    return shown + "".join(f"\n{_path(name, result[name])}" for name in SIDES)


def _first(result: Mapping[str, Any]) -> float:
    return min(one.began for one in _made(result["resources"]))


def _path(name: str, result: Mapping[str, Any]) -> str:
    rows = [
        [
            f"`{_short(one.address)}`",
            f"{one.began:.1f}",
            f"{one.seconds:.1f}",
            f"{WAIT:g}" if QUEUE in one.address else "",
        ]
        for one in _made(result["path"])
    ]
    return tables.table((f"what decides it, {SOURCES[name].name}", "begins after, s", "takes, s", "limit"), rows)


def plot(result: Mapping[str, Any], folder: Path) -> None:
    """Draw each resource, its instances as one bar, in the order in which they began; what decides is coloured."""
    with saved(folder / "apply.png", columns=2) as (panels,):
        panels[0].figure.set_size_inches(10, 4.5)
        for name, axes in zip(SIDES, panels, strict=True):
            bars = _bars(_made(result[name]["resources"]))
            path = {_resource(one.address) for one in _made(result[name]["path"])}
            axes.barh(
                [_short(bar.address) for bar in bars],
                [max(bar.seconds, 0.3) for bar in bars],
                left=[bar.began for bar in bars],
                color=[COLORS[name] if bar.address in path else "#999999" for bar in bars],
            )
            axes.invert_yaxis()
            axes.grid(visible=False, axis="y")
            axes.tick_params(axis="y", labelsize=6)
            axes.set(title=f"{SOURCES[name].name}: {result[name]['seconds']:.0f} s", xlabel="seconds", xlim=(0, 80))


def _bars(made: Sequence[Made]) -> list[Made]:
    instances: dict[str, list[Made]] = {}
    for one in made:
        instances.setdefault(_resource(one.address), []).append(one)
    whole = (
        Made(address, min(one.began for one in of), max(one.ended for one in of)) for address, of in instances.items()
    )
    return sorted(whole, key=lambda bar: (bar.began, bar.ended))


def _resource(address: str) -> str:
    return address.partition("[")[0]


def _made(told_of: Sequence[Mapping[str, Any]]) -> list[Made]:
    return [Made(**one) for one in told_of]


def _short(address: str) -> str:
    return address.removeprefix("module.task_runner.").removeprefix("aws_").removesuffix("[0]")
