"""Writes the tables of docs/scale.md, and draws its plot, from the model in benchmarks/scale.py.

PYTHONPATH=.:client/src python docs/scales.py
"""

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.plots import saved
from benchmarks.scale import QUOTAS, Setup, busy, drain_seconds, hit, limits, minutes_until, month
from benchmarks.tables import table
from marked import rewrite
from task_runner_client.cost.quantities import quantities

DEFAULT = Setup()
SETUPS = {
    "1 s": DEFAULT,
    "1 s, `batch_size` 1": replace(DEFAULT, batch=1),
    "10 s": replace(DEFAULT, seconds=10),
    "60 s": replace(DEFAULT, seconds=60),
    "60 s, `batch_size` and `concurrency` 100": replace(DEFAULT, seconds=60, batch=100, threads=100),
}
RATES = (1, 10, 100, 1_000, 10_000)

MOVED_BY = {
    "throttle of the stage": "`api.throttle.rate`, up to 10,000",
    "API Gateway's requests": "the quota, on request; fewer polls",
    "Lambda's concurrency": "the quota, on request; `worker.batch_size` with `worker.concurrency`",
    "Lambda's requests": "the same quota; fewer polls",
    "batches side by side": "`worker.batch_size` with `worker.concurrency`; `worker.provisioned_pollers`",
    "messages in flight": "the quota, on request",
    "a new table": "use: twice its last peak at once, more within half an hour",
    "the table's quota": "the quota, on request; smaller payloads",
}

# 100 tasks of one second, one thread, batches of ten: batches side by side, and the seconds seen on the embedded AWS.
SEEN = ((2, 54.0), (5, 21.0), (20, 8.3))


def contents() -> dict[str, str]:
    """Return what stands between the markers of each name."""
    return {"LIMITS": _limits(), "STEPS": _steps(), "QUOTAS": _quotas(), "DRAINS": _drains()}


def _limits() -> str:
    every = [limits(setup) for setup in SETUPS.values()]
    tightest = [min(_of_aws(most).values()) for most in every]
    rows = []
    for part, moved_by in MOVED_BY.items():
        cells = [_bold(most[part], most[part] == least) for most, least in zip(every, tightest, strict=True)]
        rows.append([part, *cells, moved_by])
    return table(["tasks a second", *SETUPS, "moved by"], rows)


def _of_aws(most: Mapping[str, float]) -> dict[str, float]:
    return {part: rate for part, rate in most.items() if part != "throttle of the stage"}


def _bold(most: float, bold: bool) -> str:
    return f"**{most:,.0f}**" if bold else f"{most:,.0f}"


def _steps() -> str:
    rows = []
    for rate in RATES:
        api, worker = busy(DEFAULT, rate)
        units = quantities(DEFAULT.load(rate))
        rows.append(
            [
                f"{rate:,}",
                str(DEFAULT.filled(rate)),
                f"{max(api, 1):,.0f} and {max(worker, 1):,.0f}",
                f"{minutes_until(DEFAULT, rate):.1f}",
                f"{units['dynamodb_write'] / DEFAULT.load(rate).tasks * rate:,.0f}",
                f"{month(DEFAULT, rate).usd:,.0f}",
                ", ".join(hit(DEFAULT, rate)) or "nothing",
            ]
        )
    head = ["tasks a second", "in a batch", "instances busy, API and worker", "minutes until pollers keep up"]
    return table([*head, "write units a second", "USD a month", "does not let them through, the tightest first"], rows)


def _quotas() -> str:
    rows = [
        (f"[{one.what}]({one.source})", f"{one.value:,} {one.unit}", "yes" if one.raised else "no")
        for one in QUOTAS.values()
    ]
    return table(("where", "quota", "can be raised"), rows)


def _drains() -> str:
    one_by_one = replace(DEFAULT, threads=1)
    rows = [(str(many), f"{drain_seconds(one_by_one, 100, many):.0f} s", f"{seen:g} s") for many, seen in SEEN]
    return table(("batches side by side", "by the model", "seen"), rows)


def draw(docs: Path) -> None:
    """Draw what each part lets through, against the tasks that come and against how long one takes."""
    with saved(docs / "benchmarks" / "scale.png", columns=2) as axes:
        by_rate, by_seconds = axes[0]
        rates, seconds = [10 ** (n / 10) for n in range(46)], [10 ** (n / 10) for n in range(-10, 30)]
        for number, (part, most) in enumerate(limits(DEFAULT).items()):
            line = ("-", "--", ":", "-.")[number % 4]  # two of them lie almost one upon the other
            by_rate.plot(rates, [most] * len(rates), line)
            by_seconds.plot(
                seconds, [limits(replace(DEFAULT, seconds=each))[part] for each in seconds], line, label=part
            )
        by_rate.plot(rates, rates, color="black", linewidth=1)
        by_rate.annotate("what comes", (20, 20), (30, 12), fontsize=7)
        _label(by_rate, "tasks a second that come", "Tasks of one second")
        _label(by_seconds, "seconds that a task runs", "Tasks of any length")
        by_seconds.legend(fontsize=7, loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)


def _label(axes: Any, x: str, title: str) -> None:
    axes.set(xscale="log", yscale="log", xlabel=x, ylabel="tasks a second let through", title=title, ylim=(1, 3e5))


if __name__ == "__main__":
    sys.exit(rewrite(__doc__, Path(__file__).with_name("scale.md"), contents, draw))
