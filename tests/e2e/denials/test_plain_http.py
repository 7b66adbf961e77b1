"""A request that is not encrypted is refused, whoever sends it."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from e2e.conftest import SPREAD, Live
from e2e.denials.callers import Caller, client_of, delete_user, make_user, session_of
from harness.waiting import poll


@pytest.fixture(scope="module")
def operator(stack: Live) -> Iterator[Caller]:
    """Somebody who may do anything with any queue."""
    iam, name = stack.target.client("iam"), f"{stack.outputs['api_function_name']}-operator"
    try:
        yield make_user(iam, name, "sqs:*", "*")
    finally:
        delete_user(iam, name)


def look(stack: Live, caller: Caller, url: str, endpoint: str | None) -> str:
    """Ask a queue for its attributes; return "passes", or the error's code."""
    target = dataclasses.replace(stack.target, endpoint=endpoint)
    client: Any = client_of(target, session_of(target, caller.credentials), "sqs")
    try:
        client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "passes"


@pytest.mark.parametrize("queue", ["queue_url", "dead_letter_queue_url"])
def test_queue_refuses_over_http_whoever_may_do_all_over_https(stack: Live, operator: Caller, queue: str) -> None:
    url = stack.outputs[queue]
    plain = stack.target.plain_endpoint or f"http://sqs.{stack.target.region}.amazonaws.com"
    secure = poll(lambda: look(stack, operator, url, stack.target.endpoint), "passes".__eq__, seconds=SPREAD, pause=1)
    assert secure == "passes"
    assert look(stack, operator, url, plain) in {"AccessDenied", "AccessDeniedException"}


def test_what_refuses_http_is_the_policy(stack: Live, operator: Caller) -> None:
    sqs, url = stack.target.client("sqs"), stack.outputs["other"]["queue_url"]
    policy = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"]["Policy"]
    plain = stack.target.plain_endpoint or f"http://sqs.{stack.target.region}.amazonaws.com"
    assert look(stack, operator, url, plain) != "passes"
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
    try:
        assert poll(lambda: look(stack, operator, url, plain), "passes".__eq__, seconds=SPREAD, pause=1) == "passes"
    finally:
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
