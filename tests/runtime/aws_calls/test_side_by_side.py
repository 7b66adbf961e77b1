"""Calls that need not wait for one another: each is answered here only once all of them are under way."""

from threading import Barrier

from runtime.aws_calls.given import BATCH, batch, post, task, work
from runtime.aws_calls.wire import Wire

PATIENCE = 5.0  # seconds until a call that waits in vain is given up


def test_record_is_written_while_the_wake_up_is_sent(wire: Wire) -> None:
    wire.meeting = Barrier(2, timeout=PATIENCE)
    assert post() == 200


def test_tasks_of_a_batch_are_claimed_at_once_and_settled_at_once(wire: Wire) -> None:
    wire.record, wire.meeting = task(), Barrier(BATCH, timeout=PATIENCE)
    assert work(lambda payload, _: payload, batch(BATCH)) == 0
    assert wire.calls == {"UpdateItem": 2 * BATCH}
