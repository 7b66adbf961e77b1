"""Waiting for what happens elsewhere, with an end."""

import time
from collections.abc import Callable
from typing import TypeVar

from harness.errors import HarnessError

T = TypeVar("T")


class NotInTime(HarnessError):
    """What was waited for has not happened; the message ends with what was seen last."""


def poll(look: Callable[[], T], done: Callable[[T], object] = bool, *, seconds: float, pause: float = 0.1) -> T:
    """Look until `done` holds for what was seen, or for so many seconds; return what was seen last.

    Looks at least once, and once more when the time is over, since one look may take longer than all of it.
    """
    ends_at = time.monotonic() + seconds
    while not done(seen := look()) and time.monotonic() < ends_at:
        time.sleep(pause)
    return seen


def wait_until(
    what: str, look: Callable[[], T], done: Callable[[T], object] = bool, *, seconds: float, pause: float = 0.1
) -> T:
    """Look until `done` holds for what was seen, and return it. `what` says, in a message, what was waited for.

    Raises:
        NotInTime: it has not come to that within so many seconds.
    """
    seen = poll(look, done, seconds=seconds, pause=pause)
    if not done(seen):
        raise NotInTime(f"Waited {seconds:.0f} s for this: {what}. Last seen: {seen!r}")
    return seen
