"""Single keys are heard at a terminal, and nowhere else."""

import os
import pty
import sys
import termios

import pytest

from harness.keys import keys
from harness.waiting import poll


def test_a_key_is_heard_without_the_return_key_and_the_terminal_is_left_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(theirs) as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        before = termios.tcgetattr(terminal)
        with keys() as heard:
            assert heard.listening
            assert heard.pressed() == ""
            os.write(ours, b"a")
            assert poll(heard.pressed, seconds=10) == "a"
        assert termios.tcgetattr(terminal) == before
    os.close(ours)


def test_nobody_is_heard_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    read, write = os.pipe()
    os.write(write, b"a")
    with os.fdopen(read) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        with keys() as heard:
            assert (heard.listening, heard.pressed()) == (False, "")
    os.close(write)
