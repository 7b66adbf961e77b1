"""Waiting: it ends when the thing has happened, or says what was seen last."""

import time

import pytest

from harness.waiting import NotInTime, poll, wait_until


def test_waiting_ends_with_the_first_look_that_will_do() -> None:
    seen = iter(["pending", "processing", "completed", "deleted"])
    assert wait_until("the end", lambda: next(seen), "completed".__eq__, seconds=60, pause=0) == "completed"
    assert next(seen) == "deleted"


def test_what_is_there_already_is_not_waited_for() -> None:
    began = time.monotonic()
    assert wait_until("anything", lambda: "there", seconds=60, pause=60) == "there"
    assert time.monotonic() - began < 30


def test_what_does_not_come_is_named_with_what_was_seen_last() -> None:
    seen = iter(range(1000))
    with pytest.raises(NotInTime, match=r"^Waited 0 s for this: a thousand\. Last seen: \d+$"):
        wait_until("a thousand", lambda: next(seen), lambda number: number == 1000, seconds=0.05, pause=0.01)
    assert next(seen) > 1, "it looked again and again"


def test_polling_returns_what_was_seen_last_either_way() -> None:
    assert poll(lambda: 0, seconds=0.01, pause=0.001) == 0
    assert poll(lambda: 1, seconds=60, pause=60) == 1
