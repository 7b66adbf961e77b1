"""POST /task: what is on record and in the queue once it is answered."""

import json
import logging
from typing import Any

import pytest

from runtime.api.aws import OUTAGES, broken, woken
from support.cloud import Api, Cloud


def test_post_records_the_task_and_wakes_a_worker(cloud: Cloud, api: Api) -> None:
    answer = api.post('{"n": 1}')
    assert answer.status == 200
    assert set(answer.body) == {"taskId", "status", "createdAt"}
    assert answer.headers["Location"] == f"task/{answer.body['taskId']}"
    assert answer.headers["Retry-After"] == "1"
    assert cloud.task(answer.body["taskId"]).payload == '{"n": 1}'
    assert woken(cloud) == [answer.body["taskId"]]


@pytest.mark.parametrize("body", ["", None])
def test_empty_body_counts_as_an_empty_object(cloud: Cloud, api: Api, body: str | None) -> None:
    assert cloud.task(api.post(body).body["taskId"]).payload == "{}"


@pytest.mark.parametrize("outage", OUTAGES, ids=["unreachable", "throttled"])
@pytest.mark.parametrize(("service", "call"), [("dynamodb", "put_item"), ("sqs", "send_message")])
def test_outage_of_table_or_queue_is_503_without_internals(
    cloud: Cloud, api: Api, monkeypatch: pytest.MonkeyPatch, service: str, call: str, outage: Exception
) -> None:
    monkeypatch.setattr(getattr(cloud, service), call, broken(outage))
    answer = api.post("{}")
    assert (answer.status, answer.body["code"], answer.headers["Retry-After"]) == (503, "UNAVAILABLE", "1")
    assert "secret" not in json.dumps(answer.body)


def test_bug_is_500_without_internals(cloud: Cloud, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloud.dynamodb, "put_item", broken(RuntimeError("secret")))
    answer = api.post("{}")
    assert (answer.status, answer.body["code"]) == (500, "INTERNAL")
    assert "secret" not in json.dumps(answer.body)


def test_own_write_repeated_after_a_lost_answer_is_no_conflict(
    cloud: Cloud, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = cloud.dynamodb.put_item

    def put_twice(**parameters: Any) -> Any:
        put(**parameters)
        return put(**parameters)

    monkeypatch.setattr(cloud.dynamodb, "put_item", put_twice)
    assert api.post("{}").status == 200


def test_payload_is_never_logged(
    api: Api, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.INFO):
        api.post('"confidential"')
    assert "task accepted" in caplog.text
    assert "confidential" not in caplog.text + capsys.readouterr().out
