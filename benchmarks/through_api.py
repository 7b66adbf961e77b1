"""Requests through the API of both sides, by one or more clients, which take turns between the sides."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from http import HTTPStatus
from threading import Lock
from typing import Any

from benchmarks.bench import Bench, Side
from benchmarks.turns import Samples, in_turn
from harness.errors import HarnessError
from harness.redeploy import deliveries_paused
from task_runner_client import TaskClient

WARM_UP = 5  # rounds that do not count
_NOT_JSON = b"{"

Act = Callable[[TaskClient, str], object]
Sides = Mapping[str, Side]


@contextmanager
def without_work(sides: Sides) -> Iterator[None]:
    """Keep the workers out of it for the time of the block, and throw away what was posted."""
    with ExitStack() as paused:
        for side in sides.values():
            paused.enter_context(deliveries_paused(side.target, side.outputs))
        yield
        for side in sides.values():
            side.target.client("sqs").purge_queue(QueueUrl=side.outputs["queue_url"])


def post(payload: Any) -> Act:
    """Post a task."""
    return lambda client, _: client.submit(payload)


def get(client: TaskClient, task_id: str) -> None:
    """Ask for a task."""
    client.get(task_id)


def refused(client: TaskClient, _: str) -> None:
    """Post what is no JSON: the way there and back, for an answer that takes no call of AWS.

    Raises:
        HarnessError: it was not refused.
    """
    answer = client.request("POST", "/task", _NOT_JSON, {"Content-Type": "application/json"})
    if answer.status_code != HTTPStatus.BAD_REQUEST:
        raise HarnessError(f"what is not JSON was answered with {answer.status_code}: {answer.text}")


def asked(bench: Bench, title: str, act: Act, clients: int, rounds: int) -> Samples:
    """Return the seconds of each request: each client is a thread with connections of its own, which last."""
    known = {name: side.client().submit({})["taskId"] for name, side in bench.pair.items()}
    lock, done = Lock(), 0
    with bench.view.step(title) as step, ThreadPoolExecutor(clients) as pool:

        def tick() -> None:
            nonlocal done
            with lock:
                done += 1
                step.update(done, clients * rounds, "")

        def client(_: int) -> Samples:
            calls = {name: partial(act, side.client(), known[name]) for name, side in bench.pair.items()}
            in_turn(calls, WARM_UP)
            return in_turn(calls, rounds, tick)

        return by_rounds(list(pool.map(client, range(clients))))


def by_rounds(found: list[Samples]) -> Samples:
    """Put the samples of several clients in the order in which they were taken, as far as it is known."""
    return {name: [one for each in zip(*(of[name] for of in found), strict=True) for one in each] for name in found[0]}
