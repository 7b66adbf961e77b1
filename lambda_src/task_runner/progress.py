"""How far a running task has come, as its code tells and GET shows."""

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, SupportsFloat

LONGEST_MESSAGE = 200
"""Characters. A limit of our own: beside payload and result there is little room in the record."""

_SECONDS_BETWEEN = 1.0


@dataclass(frozen=True)
class Progress:
    """One report: what fraction is done, 0 to 1, and a sentence for whoever waits."""

    fraction: float
    message: str

    @classmethod
    def of(cls, fraction: Any, message: str) -> "Progress":
        """Make a report of what task code said: a fraction below 0 is 0, one above 1 is 1, a long message is cut.

        Raises:
            ValueError: the fraction is no finite number.
        """
        told = min(1.0, max(0.0, _finite(fraction)))
        return cls(round(told, 4), str(message)[:LONGEST_MESSAGE].encode("utf-8", "replace").decode())


class Reporter:
    """What task code calls as `context.progress`: it takes anything, since no task should fail for its progress bar.

    Args:
        show: takes what can be shown.
        logger: warned of the first report that could not be shown as it was told, and of no other.
    """

    def __init__(self, show: Callable[[Progress], None], logger: logging.Logger) -> None:
        self._show = show
        self._logger = logger
        self._warned = False

    def __call__(self, fraction: float, message: str = "") -> None:
        """Report a fraction from 0 to 1: beyond them the nearer one counts, and what is no number is left out."""
        try:
            progress = Progress.of(fraction, message)
        except ValueError:
            # Its type only: it may be anything, a part of the payload too.
            self._warn("progress takes a number from 0 to 1: a report with a %s was left out", type(fraction).__name__)
            return
        if not 0 <= float(fraction) <= 1:
            self._warn("progress takes a number from 0 to 1: it is shown as %g", progress.fraction)
        self._show(progress)

    def _warn(self, sentence: str, value: object) -> None:
        if not self._warned:
            self._warned = True
            self._logger.warning(sentence, value)


class Throttled:
    """Takes reports as often as they come, and passes on one a second at most, so that a report costs little."""

    def __init__(self, write: Callable[[Progress], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._write = write
        self._clock = clock
        self._next = -math.inf

    def __call__(self, progress: Progress) -> None:
        """Pass the report on, or do nothing within a second of the last one that was passed on."""
        if self._clock() >= self._next:
            self._next = self._clock() + _SECONDS_BETWEEN
            self._write(progress)


def _finite(value: Any) -> float:
    try:
        number = float(value) if isinstance(value, SupportsFloat) else math.nan
    except (ValueError, ArithmeticError):  # of a number type that holds what no float can
        number = math.nan
    if not math.isfinite(number):
        raise ValueError("no finite number")
    return number
