"""Who may call an API that wants signed requests, and who is refused."""

import uuid
from collections.abc import Iterator, Mapping

import pytest
import requests
from botocore.credentials import Credentials

from e2e.conftest import Live
from e2e.denials.callers import Caller, Tampered
from e2e.denials.clients import TASK, client, signed
from support.queues import count_messages, wait_until_settled
from task_runner_client import SigV4

BAD_REQUESTS = (
    "unsigned",
    "with somebody else's secret",
    "with an unknown key",
    "with another body than was signed",
    "with another method than was signed",
    "signed for another region",
    "with a token of another kind",
    "by a user without a grant",
    "by a user of another API",
)
# The embedded AWS answers these by itself, where AWS uses the gateway response that the module sets.
FOREIGN_SHAPE = {"signed for another region", "by a user without a grant", "by a user of another API"}


def send(stack: Live, callers: Mapping[str, Caller], how: str) -> requests.Response:
    region, alice = stack.target.region, callers["alice"].credentials
    forged = Credentials(alice.access_key, callers["bob"].credentials.secret_key)
    unknown = Credentials("AKIA" + "A" * 16, alice.secret_key)
    auths: dict[str, SigV4 | None] = {
        "unsigned": None,
        "with a token of another kind": None,
        "with somebody else's secret": SigV4(forged, region),
        "with an unknown key": SigV4(unknown, region),
        "with another body than was signed": Tampered(alice, region, body=b'{"seconds": 9}'),
        "with another method than was signed": Tampered(alice, region, method="POST"),
        "signed for another region": SigV4(alice, "eu-central-1"),
        "by a user without a grant": SigV4(callers["nobody"].credentials, region),
        "by a user of another API": SigV4(callers["mallory"].credentials, region),
    }
    headers = {"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30."} if how == "with a token of another kind" else {}
    method = "PUT" if how == "with another method than was signed" else "POST"
    return client(stack, auths[how]).request(method, "/task", TASK, headers)


@pytest.fixture(scope="module")
def paused(stack: Live) -> Iterator[None]:
    """Keep wake-ups in the queue, where they can be counted."""
    wait_until_settled(stack.target, stack.outputs)
    with stack.paused():
        yield


def written(stack: Live) -> tuple[int, int]:
    """How many records and how many messages there are."""
    scan = stack.target.client("dynamodb").get_paginator("scan")
    pages = scan.paginate(TableName=stack.outputs["table_name"], Select="COUNT", ConsistentRead=True)
    return sum(page["Count"] for page in pages), count_messages(stack.target, stack.outputs["queue_url"])


@pytest.mark.usefixtures("paused")
def test_who_may_call_gets_a_task(stack: Live, callers: Mapping[str, Caller]) -> None:
    records, messages = written(stack)
    answer = signed(stack, callers["alice"]).request("POST", "/task", TASK)
    assert answer.status_code == 200, answer.text
    assert written(stack) == (records + 1, messages + 1), "what is counted is what is written"


@pytest.mark.usefixtures("paused")
@pytest.mark.parametrize("how", BAD_REQUESTS)
def test_request_is_refused_and_nothing_is_written(stack: Live, callers: Mapping[str, Caller], how: str) -> None:
    before = written(stack)
    answer = send(stack, callers, how)
    assert answer.status_code == 403, answer.text
    if stack.target.is_embedded and how in FOREIGN_SHAPE:
        assert "no identity-based policy" in answer.text, "the exemption has ended"
    else:
        assert answer.json().keys() == {"error", "code"}
        assert "arn:" not in answer.text
    assert written(stack) == before


def test_get_is_refused_too(stack: Live, callers: Mapping[str, Caller]) -> None:
    task_id = signed(stack, callers["alice"]).submit({})["taskId"]
    assert signed(stack, callers["alice"]).request("GET", f"/task/{task_id}").status_code == 200
    for auth in (None, SigV4(callers["mallory"].credentials, stack.target.region)):
        answer = client(stack, auth).request("GET", f"/task/{task_id}")
        assert answer.status_code == 403
        assert task_id not in answer.text


def test_two_callers_with_one_key_have_two_tasks(stack: Live, callers: Mapping[str, Caller]) -> None:
    alice, bob = (signed(stack, callers[name]) for name in ("alice", "bob"))
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first, again, foreign = (api.request("POST", "/task", TASK, key) for api in (alice, alice, bob))
    assert [answer.status_code for answer in (first, again, foreign)] == [200, 200, 200]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json()["taskId"] == first.json()["taskId"] != foreign.json()["taskId"]
    assert "Idempotency-Replayed" not in foreign.headers
    # Another payload: a conflict with one's own key, and with nobody else's.
    assert alice.request("POST", "/task", b"[]", key).status_code == 422
    for answer in (first, again, foreign):
        assert "arn:" not in f"{answer.text} {answer.headers}"
