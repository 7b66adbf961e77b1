"""How long a POST and a GET take: the handlers alone, each call of AWS taking 10 ms, and through the embedded AWS."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import plots, tables, through_api
from benchmarks.bench import Bench
from benchmarks.handlers import CALL_SECONDS, PAYLOAD
from benchmarks.in_process import in_process
from benchmarks.summary import percentile, ratios, spread
from benchmarks.turns import Samples

ROUNDS = 300  # of the handlers
CLIENTS = {1: 300, 8: 50}  # threads, and rounds of each
TARGETS = {("handlers", "POST"): 0.65, ("handlers", "GET"): 1.0, ("embedded", "POST"): 0.5, ("embedded", "GET"): 1.0}
NOTHING = "refused POST"  # neither version calls AWS for it
ACTS = {NOTHING: through_api.refused, "POST": through_api.post(PAYLOAD), "GET": through_api.get}
_TITLES = {"handlers": f"handler, {CALL_SECONDS * 1000:.0f} ms a call", "embedded": "embedded AWS"}

Row = dict[str, Any]


def measure(bench: Bench) -> dict[str, Any]:
    """Return a row for each place, request and number of clients."""
    with bench.view.step("Timing both versions' handlers"):
        rows = [row("handlers", method, 1, found) for method, found in in_process("latency", ROUNDS).items()]
    with through_api.without_work(bench.pair):
        for clients, rounds in CLIENTS.items():
            for request, act in ACTS.items():
                title = f"{request}, {_counted(clients)}"
                rows.append(row("embedded", request, clients, through_api.asked(bench, title, act, clients, rounds)))
    return {"rows": rows}


def row(place: str, request: str, clients: int, samples: Samples) -> Row:
    """Sum up samples in seconds: milliseconds by percentile, and how far the ratio of medians is to be believed."""
    curves = {name: [round(percentile(of, share) * 1000, 2) for share in range(1, 100)] for name, of in samples.items()}
    believed = [round(bound, 3) for bound in spread(samples["ours"], samples["textbook"])]
    count = len(samples["ours"])
    return {"place": place, "request": request, "clients": clients, "samples": count, "spread": believed, **curves}


def table(result: Mapping[str, Any]) -> str:
    """Show the medians of both, their ratio with its limit, and the ratios of p95 and p99."""
    columns = ("", "clients", "p50, ms", "textbook's", "ratio", "of five parts", "wanted", "limit", "p95", "p99")
    floors = {row["clients"]: row["textbook"][49] for row in result["rows"] if row["request"] == NOTHING}
    rows = [_cells(row, floors[row["clients"]] if row["place"] == "embedded" else 0.0) for row in result["rows"]]
    return tables.table(columns, rows)


def limit(row: Row, floor: float) -> float:
    """Return the ratio that cannot be beaten: a GET makes one call, a POST two, which can be made at the same time.

    `floor` is what a request takes without any call of AWS, in milliseconds.
    """
    whole: float = row["textbook"][49]
    return (floor + (whole - floor) / 2) / whole if row["request"] == "POST" else 1.0


def _cells(row: Row, floor: float) -> list[str]:
    ours, textbook = (percentiles(row[name]) for name in ("ours", "textbook"))
    compared, target = ratios(ours, textbook), TARGETS.get((row["place"], row["request"]))
    low, high = row["spread"]
    return [
        f"{row['request']}, {_TITLES[row['place']]}",
        str(row["clients"]),
        f"{ours['p50']:.1f}",
        f"{textbook['p50']:.1f}",
        tables.ratio(compared["p50"], target or compared["p50"]),
        f"{low:.2f} to {high:.2f}",
        tables.wanted(target) if target else "",
        f"{limit(row, floor):.2f}",
        f"{compared['p95']:.2f}",
        f"{compared['p99']:.2f}",
    ]


def percentiles(curve: Sequence[float]) -> dict[str, float]:
    """Return p50, p95 and p99 of a curve of 99 percentiles."""
    return {f"p{share}": curve[share - 1] for share in (50, 95, 99)}


def plot(result: Mapping[str, Any], folder: Path) -> None:
    """Draw for each row which share of the requests was answered within which time."""
    rows = [row for row in result["rows"] if row["request"] != NOTHING]
    with plots.saved(folder / "latency.png", 2, len(rows) // 2) as axes:
        for number, shown in enumerate(rows):
            _draw(axes[number % 2][number // 2], shown)


def _draw(axis: Any, row: Row) -> None:
    for name, color in plots.COLORS.items():
        axis.plot(row[name], range(1, 100), color=color, label=name)
    axis.set_title(f"{row['request']}, {_TITLES[row['place']]}, {_counted(row['clients'])}")
    axis.set_xlim(0, 1.5 * max(row["ours"][94], row["textbook"][94]))
    axis.set_xlabel("milliseconds")
    axis.set_ylabel("% of requests answered")
    axis.legend(loc="lower right")


def _counted(clients: int) -> str:
    return "1 client" if clients == 1 else f"{clients} clients"
