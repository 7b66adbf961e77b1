"""How many tasks a second each part of a stack lets through, by AWS's published quotas.

Nothing is measured: docs/scale.md is made of it. `Setup` holds what the module's inputs and the tasks say, quotas.json
what AWS allows by default, with its source; what a task takes of each service is the cost model's, which a test holds
against the handlers. All rates are tasks or requests a second, in a steady state.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from task_runner_client.cost import Bill, Load, bill
from task_runner_client.cost.load import MONTH_SECONDS
from task_runner_client.cost.quantities import FUNCTION_SECONDS, quantities


@dataclass(frozen=True)
class Quota:
    """What AWS allows by default.

    Attributes:
        value: how many, in `unit`.
        what: of which service, and for what.
        raised: whether AWS raises it on request, or by itself with use.
        source: the page that says so.
    """

    value: int
    unit: str
    what: str
    raised: bool
    source: str


QUOTAS: Mapping[str, Quota] = {
    name: Quota(**quota) for name, quota in json.loads(Path(__file__).with_name("quotas.json").read_text()).items()
}


@dataclass(frozen=True)
class Setup:
    """The tasks, and the inputs of the module that decide how many of them go through.

    Attributes:
        seconds: that a task runs.
        polls: requests by which a caller follows a task to its end.
        payload_kb: KB of a payload.
        batch: `worker.batch_size`.
        threads: `worker.concurrency`.
        side_by_side: `worker.maximum_concurrency`, batches; None where it is not set.
        throttle: `api.throttle.rate`, requests a second for each method.
        pollers: `worker.provisioned_pollers.maximum`; 0 where it is not set.
    """

    seconds: float = 1.0
    polls: int = 2
    payload_kb: float = 1.0
    batch: int = 10
    threads: int = 10
    side_by_side: int | None = None
    throttle: float = 100.0
    pollers: int = 0

    @property
    def batch_seconds(self) -> float:
        """How long a full batch takes its worker."""
        return self.seconds * math.ceil(self.batch / self.threads) + FUNCTION_SECONDS

    def load(self, rate: float) -> Load:
        """Return a month at so many tasks a second."""
        return Load(
            tasks=round(rate * MONTH_SECONDS),
            polls=self.polls,
            seconds=self.seconds,
            payload_kb=self.payload_kb,
            batch=self.filled(rate),
            concurrency=self.threads,
            provisioned_pollers=self.pollers,
        )

    def filled(self, rate: float) -> int:
        """Return how many tasks come in one batch: as many as arrive while the first pollers are at work."""
        arrived = rate * self.batch_seconds / _of("first_batches")
        return max(1, min(self.batch, math.floor(arrived)))


def _of(name: str) -> int:
    return QUOTAS[name].value


def limits(setup: Setup) -> dict[str, float]:
    """Return the tasks a second that each part lets through."""
    task = quantities(replace(setup.load(0), tasks=1))
    instances = (1 + setup.polls) * FUNCTION_SECONDS + setup.batch_seconds / setup.batch
    invocations = 1 + setup.polls + 1 / setup.batch
    writes, reads = task["dynamodb_write"], task["dynamodb_read"]
    return {
        "throttle of the stage": setup.throttle / setup.polls,  # each method has its own, and GET comes as often
        "API Gateway's requests": _of("gateway_requests") / (1 + setup.polls),
        "Lambda's concurrency": _of("concurrency") / instances,
        "Lambda's requests": _of("concurrency") * _of("requests_of_an_instance") / invocations,
        "batches side by side": most_batches(setup) * setup.batch / setup.batch_seconds,
        "messages in flight": _of("in_flight") / setup.batch_seconds,
        "a new table": 1 / (writes / _of("first_writes") + reads / _of("first_reads")),
        "the table's quota": _of("table_units") / max(writes, reads),
    }


def most_batches(setup: Setup) -> int:
    """Return how many batches Lambda's pollers hand over side by side, in the end."""
    if setup.pollers:  # Lambda developer guide, "Configuring scaling behavior for SQS event source mappings"
        return 10 * setup.pollers
    return min(setup.side_by_side or _of("most_batches"), _of("most_batches"))


def hit(setup: Setup, rate: float) -> list[str]:
    """Return the parts that do not let so many tasks a second through, the tightest first."""
    tight = {name: most for name, most in limits(setup).items() if most < rate}
    return sorted(tight, key=tight.__getitem__)


def busy(setup: Setup, rate: float) -> tuple[float, float]:
    """Return how many instances of the API function and of the worker are busy at so many tasks a second."""
    batch = setup.filled(rate)
    seconds = replace(setup, batch=batch).batch_seconds
    return rate * (1 + setup.polls) * FUNCTION_SECONDS, rate / batch * seconds


def minutes_until(setup: Setup, rate: float) -> float:
    """Return how long standard pollers take from their first batches to as many as the rate needs."""
    needed = rate * setup.batch_seconds / setup.batch
    return max(0.0, needed - _of("first_batches")) / _of("more_batches_a_minute")


def month(setup: Setup, rate: float) -> Bill:
    """Return what a month at this rate costs."""
    return bill(setup.load(rate))


def waves(tasks: int, batch: int, side_by_side: int) -> int:
    """Return in how many turns a backlog is drained, where all batches are full and take the same time."""
    return math.ceil(math.ceil(tasks / batch) / side_by_side)


def drain_seconds(setup: Setup, tasks: int, side_by_side: int) -> float:
    """Return how long a backlog takes at a constant number of batches side by side."""
    return waves(tasks, setup.batch, side_by_side) * setup.batch_seconds
