"""Writes the sums and prices into docs/cost.md, as `task-runner cost` tells them.

PYTHONPATH=.:client/src python docs/costs.py
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.tables import table
from marked import rewrite
from task_runner_client.cost import PRICES, REGION, Bill, Load, bill
from task_runner_client.cost.text import amount, decimal

EXAMPLE = Load()

# Each change of the example, as the page names it.
EXTRAS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("`kms_key_arn`", {"kms": True}),
    ("`api.web_acl` with one rule", {"web_acl": 1}),
    ("`api.access_logs`", {"access_logs": True}),
    ("`worker.vpc` with an interface endpoint for SQS in two zones", {"endpoints": 2}),
    ("`worker.vpc` with a NAT gateway in two zones", {"nat_gateways": 2}),
    ("`worker.ephemeral_storage = 2560`", {"ephemeral_storage": 2560}),
    ("`worker.provisioned_concurrency = 1`", {"provisioned_concurrency": 1}),
    ("`api.provisioned_concurrency = 1`", {"api_provisioned_concurrency": 1}),
    ("`worker.snap_start`, a thousand starts", {"snap_start": True}),
    ("`api.snap_start`, a thousand starts", {"api_snap_start": True}),
    ("`worker.provisioned_pollers`, two of them", {"provisioned_pollers": 2}),
    ("`table.point_in_time_recovery = false`", {"point_in_time_recovery": False}),
    ('`architecture = "x86_64"`', {"architecture": "x86_64"}),
    ("`worker.memory_size = 1024`", {"memory": 1024}),
    ("batches of ten tasks, side by side", {"batch": 10}),
    ("one task of twenty is tried once more", {"retried": 0.05}),
    ("one report of progress", {"progress": 1}),
    ("a payload of 10 KB", {"payload_kb": 10.0}),
    ("a payload of 100 KB", {"payload_kb": 100.0}),
    ("a result of 10 KB", {"result_kb": 10.0}),
    ("one more poll", {"polls": EXAMPLE.polls + 1}),
)


def contents() -> dict[str, str]:
    """Return what stands between the markers of each name."""
    return {"BILL": _bill(bill(EXAMPLE)), "EXTRAS": _extras(), "POLLS": _polls(), "PRICES": _prices()}


def _bill(made: Bill) -> str:
    lines = [
        (
            line.price.what,
            amount(line.quantity, line.price.unit),
            f"{decimal(line.price.usd)} for {line.price.per:,}",
            f"{line.usd:.2f}",
        )
        for line in made.lines
    ]
    together = ("**together**", "", "", f"**{made.usd:.2f}**")
    return table(("what", "how many", "price in USD", "USD a month"), [*lines, together])


def _extras() -> str:
    usd = bill(EXAMPLE).usd
    rows = [(name, f"{bill(replace(EXAMPLE, **change)).usd - usd:+.2f}") for name, change in EXTRAS]
    return table(("with", "USD a month"), rows)


def _polls() -> str:
    bills = [bill(replace(EXAMPLE, polls=polls)) for polls in range(1, 21)]
    each = bills[1].usd - bills[0].usd
    rows = [(str(made.load.polls), f"{made.usd:.2f}", f"{made.load.polls * each / made.usd:.0%}") for made in bills]
    return table(("polls", "USD a month", "of which polling"), rows) + "\n" + "".join(_remarks(bills, each))


def _remarks(bills: list[Bill], each: float) -> Iterator[str]:
    """Yield where polling breaks even with other parts of the bill."""
    worked = EXAMPLE.tasks * EXAMPLE.seconds * EXAMPLE.memory / 1024 * PRICES["lambda_second_arm64"].usd
    more_than_work = next(made.load.polls for made in bills if made.load.polls * each > worked)
    more_than_all = next(made.load.polls for made in bills if made.load.polls * each > made.usd / 2)
    yield f"- A poll costs {each:.2f} USD for a million: a request, an invocation, a read, its log.\n"
    yield f"- From {more_than_work} polls on, polling costs more than the second that the worker runs.\n"
    yield f"- From {more_than_all} polls on, it is more than half of the bill.\n"


def _prices() -> str:
    rows = [
        (
            f"[{price.what}]({price.source})",
            f"{decimal(price.usd)} for {amount(price.per, price.unit)}",
            price.seen,
            price.by,
        )
        for price in PRICES.values()
    ]
    return table(("what, with AWS's list", f"USD in {REGION}", "seen in", "by"), rows)


if __name__ == "__main__":
    sys.exit(rewrite(__doc__, Path(__file__).with_name("cost.md"), contents))
