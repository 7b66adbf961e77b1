"""How far a running task has come, as its code tells and GET shows."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

LONGEST_MESSAGE = 200
"""Characters. A limit of our own: beside payload and result there is little room in the record."""

_SECONDS_BETWEEN = 1.0


@dataclass(frozen=True)
class Progress:
    """One report: what fraction is done, 0 to 1, and a sentence for whoever waits."""

    fraction: float
    message: str

    @classmethod
    def of(cls, fraction: float, message: str) -> "Progress":
        """Check a report; a message that is too long is cut.

        Raises:
            ValueError: the fraction is no number from 0 to 1.
        """
        if not isinstance(fraction, (int, float)) or not math.isfinite(fraction) or not 0 <= fraction <= 1:
            raise ValueError(f"progress must be a fraction from 0 to 1, not {fraction!r}")
        return cls(round(float(fraction), 4), str(message)[:LONGEST_MESSAGE].encode("utf-8", "replace").decode())


class Throttled:
    """Takes reports as often as they come, and passes on one a second at most, so that a report costs little."""

    def __init__(self, write: Callable[[Progress], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._write = write
        self._clock = clock
        self._next = -math.inf

    def __call__(self, fraction: float, message: str = "") -> None:
        """Report, or do nothing within a second of the last report that was passed on."""
        progress = Progress.of(fraction, message)
        if self._clock() >= self._next:
            self._next = self._clock() + _SECONDS_BETWEEN
            self._write(progress)
