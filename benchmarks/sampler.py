"""The memory of an embedded AWS and of its functions, looked at again and again."""

import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import linear_regression
from types import TracebackType
from typing import Self

from benchmarks.processes import Process, of_group

EVERY = 2.0  # seconds between two looks


@dataclass(frozen=True)
class Sample:
    """What ran at a moment, in seconds since the first look."""

    at: float
    processes: Sequence[Process]


class Sampler:
    """A context manager: looks at a process group from its beginning to its end."""

    def __init__(self, group: int) -> None:
        """Look at nothing yet."""
        self.samples: list[Sample] = []
        self._group = group
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="sampler")

    def __enter__(self) -> Self:
        """Begin to look."""
        of_group(self._group)  # raises here, in the caller's thread, where it cannot be told
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Look for the last time."""
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        began = time.monotonic()
        while True:
            over = self._over.wait(EVERY if self.samples else 0)
            self.samples.append(Sample(time.monotonic() - began, of_group(self._group)))
            if over:
                return


def largest(samples: Sequence[Sample], function: str) -> list[tuple[float, float]]:
    """Return when it was looked, and the MB of the largest process of a function then."""
    seen = ((sample.at, [one.resident for one in sample.processes if one.function == function]) for sample in samples)
    return [(at, max(resident)) for at, resident in seen if resident]


def growth(samples: Sequence[Sample], function: str) -> float:
    """Return by how many MB a second a function's memory grows: of its processes, the one that grows the most.

    One that was seen at fewer than half of the looks counts as still warming up.
    """
    series: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for sample in samples:
        for process in sample.processes:
            if process.function == function:
                series[process.id].append((sample.at, process.resident))
    long = [points for points in series.values() if len(points) > max(1, len(samples) // 2)]
    return max((linear_regression(*zip(*points, strict=True)).slope for points in long), default=0.0)
