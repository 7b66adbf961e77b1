"""Idempotency keys: one task for a caller's key, however often it is sent."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from runtime.api.aws import OUTAGES, broken, woken
from support.cloud import Api, Cloud, Worker

KEY: Mapping[str, str] = {"Idempotency-Key": "order-7"}


def test_replay_answers_with_the_task_as_it_stands(api: Api, worker: Callable[..., Worker]) -> None:
    first = api.post('{"a":1,"b":2}', KEY)
    worker(lambda *_: 42).poll()
    replay = api.post('{"b":2, "a":1}', KEY)
    assert replay.headers["Idempotency-Replayed"] == "true"
    assert replay.body == api.get(first.body["taskId"]).body
    assert replay.body["result"] == 42


def test_replay_of_a_started_task_sends_no_wake_up(cloud: Cloud, api: Api, worker: Callable[..., Worker]) -> None:
    api.post("{}", KEY)
    worker(lambda *_: 42).poll()
    api.post("{}", KEY)
    assert woken(cloud) == []


def test_replay_heals_a_first_try_that_died_between_its_writes(
    cloud: Cloud, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as outage:
        outage.setattr(cloud.sqs, "send_message", broken(OUTAGES[0]))
        assert api.post("{}", KEY).status == 503
    replay = api.post("{}", KEY)
    assert replay.status == 200
    assert woken(cloud) == [replay.body["taskId"]]


def test_other_payload_is_422(api: Api) -> None:
    api.post("1", KEY)
    answer = api.post("2", KEY)
    assert (answer.status, answer.body["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")


@pytest.mark.parametrize("key", ["", "a b", "ü", "x" * 256, "a\n", "\xe9\xff", "\udcff"], ids=ascii)
def test_key_must_be_visible_ascii(api: Api, key: str) -> None:
    answer = api.post("{}", {"Idempotency-Key": key})
    assert (answer.status, answer.body["code"]) == (400, "INVALID_IDEMPOTENCY_KEY")


@pytest.mark.parametrize("name", ["idempotency-key", "IDEMPOTENCY-KEY"])
def test_header_name_has_no_case(api: Api, name: str) -> None:
    api.post("{}", KEY)
    assert api.post("{}", {name: "order-7"}).headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize(
    "caller",
    [
        {"identity": {"userArn": "arn:aws:iam::123456789012:user/b"}},
        {"identity": {"apiKeyId": "b"}},
        {"authorizer": {"claims": {"sub": "b"}}},
        {"authorizer": {"principalId": "b"}},
    ],
)
def test_key_of_one_caller_never_reaches_anothers_task(api: Api, caller: dict[str, Any]) -> None:
    other = json.loads(json.dumps(caller).replace('b"', 'a"'))
    first = api.post("{}", KEY, requestContext=other)
    second = api.post("{}", KEY, requestContext=caller)
    again = api.post("{}", KEY, requestContext=caller)
    assert first.body["taskId"] != second.body["taskId"] == again.body["taskId"]
