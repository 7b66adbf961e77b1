"""Keys that somebody presses at a terminal, one by one, without the return key."""

import os
import select
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager


class Keys:
    """What was pressed since the last question; nothing, ever, where standard input is no terminal."""

    def __init__(self, *, listening: bool) -> None:
        """Listen to standard input or not."""
        self.listening = listening

    def pressed(self) -> str:
        """Return what was pressed, without waiting."""
        if not self.listening or not select.select([sys.stdin], [], [], 0)[0]:
            return ""
        said = os.read(sys.stdin.fileno(), 64)
        self.listening = bool(said)  # nothing to read: the terminal is gone
        return said.decode(errors="replace")


@contextmanager
def keys() -> Iterator[Keys]:
    """Hear single keys for the time of the block. Ctrl-C stays what it is."""
    if not sys.stdin.isatty():
        yield Keys(listening=False)
        return
    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin)
    try:
        yield Keys(listening=True)
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
