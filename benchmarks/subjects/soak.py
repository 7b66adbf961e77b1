"""Many tasks on one stack: counted to the last, with the memory of all processes while they run."""

import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks import tables
from benchmarks.bench import Bench, Side
from benchmarks.plots import saved
from benchmarks.sampler import Sample, Sampler, growth, largest
from harness.errors import HarnessError
from harness.waiting import wait_until
from support.queues import count_messages
from task_runner_client import ApiError, NoAnswer, TaskClient
from task_runner_client.progress import Step

TASKS = 20_000
CLIENTS = 8
SECONDS = 1_800.0  # until all is done; many times what it takes on a quiet machine
WARM_UP = 0.25  # of the run: until then processes start, and grow to what they need
POINTS = 40  # that are kept of a curve

TITLES = {"api": "API function", "worker": "worker function", "server": "embedded AWS"}
LIMITS = {"api": "512", "worker": "512", "server": "none: it holds every record, message and log line"}

Record = Mapping[str, Mapping[str, str]]


def measure(bench: Bench) -> dict[str, Any]:
    """Post the tasks, wait until nothing is left to do, and count what table and queues hold.

    Raises:
        HarnessError: a task is missing, was lost or did not complete, or not all was done in time.
    """
    with bench.view.step("Applying the module"):
        side = bench.ours
    began = time.time()
    with bench.view.step(f"Running {TASKS:,} tasks") as step, Sampler(bench.server.group) as sampler:
        ids = post(side, step)
        posted = time.time() - began
        wait_until("no message is left", lambda: left(side, step), lambda n: n == 0, seconds=SECONDS - posted, pause=1)
        seconds = time.time() - began
    records = list(scan(side))
    check(ids, records, count_messages(side.target, side.outputs["dead_letter_queue_url"]))
    ended = [record["completedAt"]["S"] for record in records]
    return {
        "tasks": len(records),
        "retried": sum(record["attempts"]["N"] != "1" for record in records),
        "posted": round(posted, 1),
        "done": round(seconds, 1),
        "accepted": curve([record["createdAt"]["S"] for record in records], began),
        "completed": curve(ended, began),
        "memory": kept_memory(side, sampler.samples, seconds),
    }


def post(side: Side, step: Step) -> list[str]:
    """Post all tasks, from clients side by side that ask again where they get no answer, and return their ids.

    Raises:
        HarnessError: one of them was not accepted in time.
    """
    accepted: list[str] = []
    ends_at = time.monotonic() + SECONDS

    def client(share: int) -> None:
        api = side.client()
        for _ in range(share):
            accepted.append(accept(api, ends_at))
            step.update(len(accepted), TASKS, "posting")

    shares = [TASKS // CLIENTS + (number < TASKS % CLIENTS) for number in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(client, shares))
    return accepted


def accept(api: TaskClient, ends_at: float) -> str:
    """Post one task until it is accepted; its key makes it one task, however often it is asked for."""
    key = str(uuid.uuid4())
    while True:
        try:
            return str(api.submit({}, key)["taskId"])
        except (ApiError, NoAnswer) as error:
            if time.monotonic() > ends_at:
                raise HarnessError(f"A task was not accepted within {SECONDS:.0f} s: {error}") from error
            time.sleep(1)


def left(side: Side, step: Step) -> int:
    """Count the messages of the queue, and show how many tasks are done."""
    count = count_messages(side.target, side.outputs["queue_url"])
    step.update(TASKS - count, TASKS, "running")
    return count


def scan(side: Side) -> Iterator[Record]:
    """Read every record of the table."""
    pages = side.target.client("dynamodb").get_paginator("scan").paginate(TableName=side.outputs["table_name"])
    for page in pages:
        yield from page["Items"]


def check(ids: Sequence[str], records: Sequence[Record], dead_letters: int) -> None:
    """Compare what was accepted with what is there at the end.

    Raises:
        HarnessError: something differs; the message says what, and how often.
    """
    recorded = [record["taskId"]["S"] for record in records]
    wrong = {
        "ids given twice": len(ids) - len(set(ids)),
        "accepted, and not on record": len(set(ids) - set(recorded)),
        "on record, and not accepted": len(set(recorded) - set(ids)),
        "not completed": sum(record["status"]["S"] != "completed" for record in records),
        "dead letters": dead_letters,
    }
    if found := {what: count for what, count in wrong.items() if count}:
        raise HarnessError(f"Of {len(ids)} tasks: {found}")


def curve(moments: Sequence[str], began: float) -> list[list[float]]:
    """Return some points of how many there were after so many seconds."""
    seconds = sorted(datetime.fromisoformat(moment).timestamp() - began for moment in moments)
    counts = [len(seconds) * point // POINTS for point in range(1, POINTS + 1)]
    return [[round(seconds[count - 1], 1), count] for count in counts if count]


def kept_memory(side: Side, samples: Sequence[Sample], seconds: float) -> dict[str, Any]:
    """Tell of server and functions what their largest process had, and how fast one grew once it was warm."""
    warm = [sample for sample in samples if sample.at >= WARM_UP * seconds]
    thousand = seconds * 1000 / TASKS
    functions = {"server": "", **{kind: side.outputs[f"{kind}_function_name"] for kind in ("api", "worker")}}
    told = {}
    for kind, name in functions.items():
        points = largest(samples, name)
        told[kind] = {
            "processes": max(sum(one.function == name for one in sample.processes) for sample in samples),
            "warm": round(largest(warm, name)[0][1], 1),
            "end": round(points[-1][1], 1),
            "per_thousand": round(growth(warm, name) * thousand, 3),
            "curve": [[round(at, 1), round(size, 1)] for at, size in points[:: len(points) // POINTS + 1]],
        }
    return told


def table(result: Mapping[str, Any]) -> str:
    """Show what was counted, and the memory of each kind of process."""
    rate = result["tasks"] / result["done"]
    counted = (
        f"{result['tasks']:,} tasks were posted by {CLIENTS} clients in {result['posted']:.0f} s and done after "
        f"{result['done']:.0f} s, {rate:.0f} a second. Each is completed, {result['retried']} of them after more than "
        "one attempt; no dead letter, no message and no other record is left.\n\n"
    )
    columns = ("memory of the largest process, MB", "processes", "warm", "at the end", "more for 1,000 tasks", "limit")
    return counted + tables.table(columns, (_row(kind, result["memory"][kind]) for kind in LIMITS))


def _row(kind: str, told: Mapping[str, Any]) -> list[str]:
    figures = (f"{told['processes']}", f"{told['warm']:.1f}", f"{told['end']:.1f}", f"{told['per_thousand']:+.3f}")
    return [TITLES[kind], *figures, LIMITS[kind]]


def plot(result: Mapping[str, Any], folder: Path) -> None:
    """Draw what was accepted and completed, and the memory, over time."""
    with saved(folder / "soak.png", columns=2) as ((counts, memory),):
        for name, style in (("accepted", {"linewidth": 4, "alpha": 0.4}), ("completed", {})):
            counts.plot(*zip(*result[name], strict=True), label=name, **style)
        for kind, told in result["memory"].items():
            memory.plot(*zip(*told["curve"], strict=True), label=TITLES[kind])
        for axes, title in ((counts, "tasks"), (memory, "MB of the largest process")):
            axes.set(title=title, xlabel="seconds", ylim=0)
            axes.legend()
