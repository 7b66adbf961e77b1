"""How long a POST and a GET take: the handlers alone, each call of AWS taking 10 ms, and through the embedded AWS."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from http import HTTPStatus
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from benchmarks import plots, tables
from benchmarks.handlers import CALL_SECONDS, PAYLOAD
from benchmarks.in_process import in_process
from benchmarks.summary import PERCENTILES, percentile, ratios, spread
from benchmarks.turns import Samples, in_turn
from harness.errors import HarnessError
from harness.redeploy import deliveries_paused
from task_runner_client import TaskClient

if TYPE_CHECKING:
    from benchmarks.bench import Bench, Side

ROUNDS = 300  # of the handlers
CLIENTS = {1: 300, 8: 50}  # threads, and rounds of each
WARM_UP = 5  # rounds that do not count
TARGETS = {("handlers", "POST"): 0.65, ("handlers", "GET"): 1.0, ("embedded", "POST"): 0.5, ("embedded", "GET"): 1.0}
NOTHING = "refused POST"  # the way there and back: an answer for which neither version calls AWS
_TITLES = {"handlers": f"handler, {CALL_SECONDS * 1000:.0f} ms a call", "embedded": "embedded AWS"}
_NOT_JSON = b"{"

Row = dict[str, Any]
Call = Callable[[], object]


def measure(bench: "Bench") -> dict[str, Any]:
    """Return a row for each place, request and number of clients."""
    with bench.view.step("Timing both versions' handlers"):
        rows = [row("handlers", method, 1, found) for method, found in in_process("latency", ROUNDS).items()]
    with ExitStack() as paused:
        for side in bench.pair.values():
            paused.enter_context(_without_work(side))
        for clients, rounds in CLIENTS.items():
            rows += [
                row("embedded", method, clients, found) for method, found in _asked(bench, clients, rounds).items()
            ]
    return {"rows": rows}


def row(place: str, request: str, clients: int, samples: Samples) -> Row:
    """Sum up samples in seconds: milliseconds by percentile, and how far the ratio of medians is to be believed."""
    curves = {name: [round(percentile(of, share) * 1000, 2) for share in range(1, 100)] for name, of in samples.items()}
    believed = [round(bound, 3) for bound in spread(samples["ours"], samples["textbook"])]
    count = len(samples["ours"])
    return {"place": place, "request": request, "clients": clients, "samples": count, "spread": believed, **curves}


def _asked(bench: "Bench", clients: int, rounds: int) -> dict[str, Samples]:
    """Ask through the gateway, each client in a thread with connections of its own."""
    known = {name: side.client().submit(PAYLOAD)["taskId"] for name, side in bench.pair.items()}
    acts: dict[str, Callable[[TaskClient, str], object]] = {
        NOTHING: lambda client, _: _refused(client),
        "POST": lambda client, _: client.submit(PAYLOAD),
        "GET": lambda client, task_id: client.get(task_id),
    }
    return {
        title: _by_clients(bench, partial(_calls, bench, act, known), clients, rounds, title)
        for title, act in acts.items()
    }


def _calls(bench: "Bench", act: Callable[[TaskClient, str], object], known: Mapping[str, str]) -> Mapping[str, Call]:
    return {name: partial(act, side.client(), known[name]) for name, side in bench.pair.items()}


def _by_clients(
    bench: "Bench", calls: Callable[[], Mapping[str, Call]], clients: int, rounds: int, title: str
) -> Samples:
    lock, done = Lock(), 0
    with bench.view.step(f"{title}, {clients} at a time") as step, ThreadPoolExecutor(clients) as pool:

        def tick() -> None:
            nonlocal done
            with lock:
                done += 1
                step.update(done, clients * rounds, "")

        def client(_: int) -> Samples:
            own = calls()
            in_turn(own, WARM_UP)
            return in_turn(own, rounds, tick)

        found = list(pool.map(client, range(clients)))
    # In the order in which they were taken, as far as can be told: by rounds.
    return {
        name: [seconds for each in zip(*(one[name] for one in found), strict=True) for seconds in each]
        for name in found[0]
    }


def _refused(client: TaskClient) -> None:
    answer = client.request("POST", "/task", _NOT_JSON, {"Content-Type": "application/json"})
    if answer.status_code != HTTPStatus.BAD_REQUEST:
        raise HarnessError(f"what is not JSON was answered with {answer.status_code}: {answer.text}")


@contextmanager
def _without_work(side: "Side") -> Iterator[None]:
    """Keep the worker out of it, and throw away what was posted."""
    with deliveries_paused(side.target, side.outputs):
        yield
        side.target.client("sqs").purge_queue(QueueUrl=side.outputs["queue_url"])


def table(result: Mapping[str, Any]) -> str:
    """Show p50, p95 and p99 of both, and their ratios."""
    columns = ("", "clients", "p50, ms", "textbook's", "ratio of p50", "of five parts", "wanted", "p95", "p99")
    return tables.table(columns, map(_cells, result["rows"]))


def _cells(row: Row) -> list[str]:
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
        f"{compared['p95']:.2f}",
        f"{compared['p99']:.2f}",
    ]


def percentiles(curve: Sequence[float]) -> dict[str, float]:
    """Return p50, p95 and p99 of a curve of 99 percentiles."""
    return {f"p{share}": curve[share - 1] for share in PERCENTILES}


def plot(result: Mapping[str, Any], folder: Path) -> None:
    """Draw for each row which share of the requests was answered within which time."""
    rows = [row for row in result["rows"] if row["request"] != NOTHING]
    with plots.saved(folder / "latency.png", 2, len(rows) // 2) as axes:
        for number, shown in enumerate(rows):
            _draw(axes[number % 2][number // 2], shown)


def _draw(axis: Any, row: Row) -> None:
    for name, color in plots.COLORS.items():
        axis.plot(row[name], range(1, 100), color=color, label=name)
    clients = "1 client" if row["clients"] == 1 else f"{row['clients']} clients"
    axis.set_title(f"{row['request']}, {_TITLES[row['place']]}, {clients}")
    axis.set_xlim(0, 1.5 * max(row["ours"][94], row["textbook"][94]))
    axis.set_xlabel("milliseconds")
    axis.set_ylabel("% of requests answered")
    axis.legend(loc="lower right")
