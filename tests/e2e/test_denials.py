"""Who may not, may not: callers of an API that wants signed requests, and the two roles outside of their own stack."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from e2e.conftest import STACKS, Live, live
from harness.client import SigV4, TaskClient

TASK = b'{"seconds": 0}'
_SPREAD = 60.0  # seconds that a new user, key or trust may take in an account until it is known everywhere


@pytest.fixture(scope="module")
def stack(pytestconfig: pytest.Config) -> Iterator[Live]:
    with live(pytestconfig, STACKS / "denials") as stack:
        yield stack


@dataclass(frozen=True)
class Caller:
    """An IAM user made for the test."""

    arn: str
    credentials: Credentials


@pytest.fixture(scope="module")
def callers(stack: Live) -> Iterator[Mapping[str, Caller]]:
    """Alice and Bob may call the API, Mallory may call another one, Nobody none."""
    api, other = stack.outputs["api_execution_arn"], stack.outputs["other"]["api_execution_arn"]
    may = {"alice": f"{api}/*", "bob": f"{api}/*", "mallory": f"{other}/*", "nobody": None}
    prefix = stack.outputs["api_function_name"]
    made: dict[str, Caller] = {}
    iam = stack.target.client("iam")
    try:
        for name, resource in may.items():
            made[name] = user(iam, f"{prefix}-{name}", resource)
        for name in ("alice", "bob", "mallory"):
            api_outputs = stack.outputs["other"] if name == "mallory" else stack.outputs
            settled(client(stack, SigV4(made[name].credentials, stack.target.region), api_outputs))
        yield made
    finally:
        for name in made:
            delete_user(iam, f"{prefix}-{name}")


def user(iam: Any, name: str, resource: str | None) -> Caller:
    arn = iam.create_user(UserName=name)["User"]["Arn"]
    if resource:
        statement = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": resource}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.put_user_policy(UserName=name, PolicyName="call", PolicyDocument=document)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return Caller(arn, Credentials(key["AccessKeyId"], key["SecretAccessKey"]))


def delete_user(iam: Any, name: str) -> None:
    for key in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]:
        iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
    for policy in iam.list_user_policies(UserName=name)["PolicyNames"]:
        iam.delete_user_policy(UserName=name, PolicyName=policy)
    iam.delete_user(UserName=name)


def client(stack: Live, auth: SigV4 | None, outputs: Mapping[str, Any] | None = None) -> TaskClient:
    return TaskClient(stack.target.api_url(outputs or stack.outputs), auth)


def settled(api: TaskClient) -> None:
    """Wait until a caller that may is known to be one."""
    deadline = time.monotonic() + _SPREAD
    while (answer := api.request("GET", "/task/no-uuid")).status_code == 403 and time.monotonic() < deadline:
        time.sleep(1)
    assert answer.status_code == 400, answer.text


class Tampered(SigV4):
    """Changes the request after it was signed."""

    def __init__(self, credentials: Credentials, region: str, **change: Any) -> None:
        super().__init__(credentials, region)
        self._change = change

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        signed = super().__call__(request)
        for name, value in self._change.items():
            setattr(signed, name, value)
        signed.prepare_content_length(signed.body)
        return signed


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
    lambda_, mapping = stack.target.client("lambda"), stack.outputs["event_source_mapping_uuid"]
    lambda_.update_event_source_mapping(UUID=mapping, Enabled=False)
    deadline = time.monotonic() + 120
    while lambda_.get_event_source_mapping(UUID=mapping)["State"] != "Disabled":
        assert time.monotonic() < deadline, "the mapping does not stop"
        time.sleep(1)
    yield
    lambda_.update_event_source_mapping(UUID=mapping, Enabled=True)


def written(stack: Live) -> tuple[int, int]:
    """How many records and how many messages there are."""
    table, queue = stack.outputs["table_name"], stack.outputs["queue_url"]
    pages = stack.target.client("dynamodb").get_paginator("scan").paginate(
        TableName=table, Select="COUNT", ConsistentRead=True
    )
    kinds = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"]
    counts = stack.target.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=kinds)["Attributes"]
    return sum(page["Count"] for page in pages), sum(map(int, counts.values()))


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
    first, again, foreign = (api.request("POST", "/task", TASK, {"Idempotency-Key": "k"}) for api in (alice, alice, bob))
    assert [answer.status_code for answer in (first, again, foreign)] == [200, 200, 200]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json()["taskId"] == first.json()["taskId"] != foreign.json()["taskId"]
    assert "Idempotency-Replayed" not in foreign.headers
    # Another payload: a conflict with one's own key, and with nobody else's.
    assert alice.request("POST", "/task", b"[]", {"Idempotency-Key": "k"}).status_code == 422
    for answer in (first, again, foreign):
        assert "arn:" not in f"{answer.text} {answer.headers}"


def signed(stack: Live, caller: Caller) -> TaskClient:
    return client(stack, SigV4(caller.credentials, stack.target.region))
