"""The metrics of the API, as CloudWatch reads them from the log (embedded metric format)."""

import json
from typing import Any

import pytest

from runtime.api.aws import OUTAGES, broken
from runtime.api.provoked import PROVOKED, UNKNOWN
from support.cloud import Api, Clock, Cloud


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> "Written":
    return Written(capsys)


class Written:
    """What the handler has written since it was last asked."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in self._capsys.readouterr().out.splitlines()]
        return [line for line in lines if "_aws" in line]


def document(name: str, timestamp: int) -> dict[str, Any]:
    """One of the metric, whole: a field more or less and CloudWatch would count something else."""
    directive = {
        "Namespace": "TaskRunner",
        "Dimensions": [["service"]],
        "Metrics": [{"Name": name, "Unit": "Count"}],
    }
    return {
        "_aws": {"Timestamp": timestamp, "CloudWatchMetrics": [directive]},
        "service": "unit",
        name: [1.0],
    }


def only(documents: list[dict[str, Any]], name: str, clock: Clock) -> None:
    """There is one document, of this metric and of this minute."""
    [found] = documents
    timestamp = found["_aws"]["Timestamp"]
    assert abs(clock() - timestamp) < 60_000
    assert found == document(name, timestamp)


def test_accepted_task_is_counted(api: Api, clock: Clock, written: Written) -> None:
    assert api.post("{}").status == 200
    only(written(), "TasksAccepted", clock)


def test_replay_is_counted_apart(api: Api, clock: Clock, written: Written) -> None:
    key = {"Idempotency-Key": "order-7"}
    api.post("{}", key)
    only(written(), "TasksAccepted", clock)
    assert api.post("{}", key).headers["Idempotency-Replayed"] == "true"
    only(written(), "TasksReplayed", clock)


@pytest.mark.parametrize(
    ("service", "call"), [("dynamodb", "put_item"), ("dynamodb", "get_item"), ("sqs", "send_message")]
)
def test_outage_is_counted_and_no_task(
    cloud: Cloud, api: Api, clock: Clock, monkeypatch: pytest.MonkeyPatch, written: Written, service: str, call: str
) -> None:
    monkeypatch.setattr(getattr(cloud, service), call, broken(OUTAGES[0]))
    answer = api.get(UNKNOWN) if call == "get_item" else api.post("{}")
    assert answer.status == 503
    only(written(), "Unavailable", clock)


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
