"""The metrics of the API, as CloudWatch reads them from the log (embedded metric format)."""

from collections.abc import Callable
from typing import Any

import pytest

from runtime.api.aws import OUTAGES, broken
from runtime.api.provoked import PROVOKED, UNKNOWN
from support.cloud import Api, Cloud
from support.emf import document, metrics_in

Written = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Written:
    """What the handler has counted since this was last asked."""
    return lambda: metrics_in(capsys.readouterr().out)


def test_accepted_task_is_counted(api: Api, written: Written) -> None:
    assert api.post("{}").status == 200
    assert written() == [document("unit", {"TasksAccepted": 1})]


def test_replay_is_counted_apart(api: Api, written: Written) -> None:
    key = {"Idempotency-Key": "order-7"}
    api.post("{}", key)
    assert written() == [document("unit", {"TasksAccepted": 1})]
    assert api.post("{}", key).headers["Idempotency-Replayed"] == "true"
    assert written() == [document("unit", {"TasksReplayed": 1})]


@pytest.mark.parametrize(
    ("service", "call"), [("dynamodb", "put_item"), ("dynamodb", "get_item"), ("sqs", "send_message")]
)
def test_outage_is_counted_and_no_task(
    cloud: Cloud, api: Api, monkeypatch: pytest.MonkeyPatch, written: Written, service: str, call: str
) -> None:
    monkeypatch.setattr(getattr(cloud, service), call, broken(OUTAGES[0]))
    answer = api.get(UNKNOWN) if call == "get_item" else api.post("{}")
    assert answer.status == 503
    assert written() == [document("unit", {"Unavailable": 1})]


def test_every_invocation_writes_its_own(api: Api, written: Written) -> None:
    for _ in range(3):
        api.post("{}")
    assert [found["TasksAccepted"] for found in written()] == [[1.0]] * 3


@pytest.mark.parametrize("code", sorted(PROVOKED.keys() - {"UNAVAILABLE", "IDEMPOTENCY_KEY_REUSED"}))
def test_refusal_is_no_metric(
    cloud: Cloud, api: Api, monkeypatch: pytest.MonkeyPatch, written: Written, code: str
) -> None:
    PROVOKED[code](cloud, api, monkeypatch)
    assert written() == []


def test_looking_up_is_no_metric(cloud: Cloud, api: Api, written: Written) -> None:
    assert api.get(cloud.put()).status == 200
    assert written() == []
