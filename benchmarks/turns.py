"""Taking turns: whatever else the machine does meets all that is compared."""

import time
from collections.abc import Callable, Mapping
from typing import Any

Samples = dict[str, list[float]]


def in_turn(calls: Mapping[str, Callable[[], Any]], rounds: int, after: Callable[[], Any] = int) -> Samples:
    """Make each call once a round, the first of a round last in the next; return the seconds that each took.

    `after` is called when a round is over, to show progress.
    """
    samples: Samples = {name: [] for name in calls}
    order = list(calls)
    for _ in range(rounds):
        for name in order:
            began = time.perf_counter()
            calls[name]()
            samples[name].append(time.perf_counter() - began)
        order.append(order.pop(0))
        after()
    return samples
