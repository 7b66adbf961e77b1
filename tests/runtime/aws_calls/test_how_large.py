"""How large the requests are that the functions send to AWS: bytes of the body, with a payload and a result of `null`.

The bounds leave a few bytes of room. The headers are the SDK's own, some 600 bytes.
"""

import json
from typing import Any

from runtime.aws_calls.given import batch, get, post, task, work
from runtime.aws_calls.wire import Wire

PUT, SEND = ("PutItem", 580), ("SendMessage", 150)
GET = ("GetItem", 115)
CLAIM, COMPLETE = ("UpdateItem", 1_900), ("UpdateItem", 1_250)
RELEASE, RETURN = ("UpdateItem", 1_300), ("ChangeMessageVisibility", 125)
LONG = 10_000


def test_post_sends_little(wire: Wire) -> None:
    post()
    assert_within(wire, PUT, SEND)


def test_get_sends_little(wire: Wire) -> None:
    wire.record = task()
    get()
    assert_within(wire, GET)


def test_task_sends_little(wire: Wire) -> None:
    wire.record = task()
    work(lambda *_: None, batch())
    assert_within(wire, CLAIM, COMPLETE)


def test_try_that_fails_sends_little(wire: Wire) -> None:
    wire.record = task()
    work(fails, batch())
    assert_within(wire, CLAIM, RELEASE, RETURN)


def test_payload_is_sent_once(wire: Wire) -> None:
    post(f'"{"x" * LONG}"')
    assert_within(wire, longer(PUT), SEND)


def test_result_is_sent_once_and_the_payload_not_again(wire: Wire) -> None:
    wire.record = task("x" * 2 * LONG)
    work(lambda *_: "x" * LONG, batch())
    assert_within(wire, CLAIM, longer(COMPLETE))


def test_record_comes_back_with_the_claim_alone(wire: Wire) -> None:
    wire.record = task("x" * LONG)
    work(lambda *_: None, batch())
    asked = [json.loads(sent.body)["ReturnValues"] for sent in wire.sent]
    assert asked == ["ALL_OLD", "NONE"]


def fails(*_: Any) -> None:
    raise ValueError


def longer(bound: tuple[str, int]) -> tuple[str, int]:
    return bound[0], bound[1] + LONG


def assert_within(wire: Wire, *bounds: tuple[str, int]) -> None:
    """Compare in the order of name and size, since some are sent at the same time."""
    sent = sorted(wire.sizes)
    assert [name for name, _ in sent] == sorted(name for name, _ in bounds)
    too_large = [one for one, (_, bound) in zip(sent, sorted(bounds), strict=True) if one[1] > bound]
    assert too_large == []
