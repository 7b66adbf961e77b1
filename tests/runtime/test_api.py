import base64
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from support.cloud import RETENTION_SECONDS, Api, Clock, Cloud, Worker
from task_runner.api.entry import LARGEST_BODY
from task_runner.record.task import Status
from task_runner.wakeups import delivery_of

UNKNOWN = "3f1c1e58-6d5c-4e0e-9a53-0d5f6a0f7a11"


def messages(cloud: Cloud) -> list[str]:
    return [json.loads(record["body"])["taskId"] for record in cloud.receive()]


def broken(error: Exception) -> Callable[..., Any]:
    def fail(**_: Any) -> Any:
        raise error

    return fail


def test_post_records_the_task_and_wakes_a_worker(cloud: Cloud, api: Api) -> None:
    answer = api.post('{"n": 1}')
    assert answer.status == 200
    assert set(answer.body) == {"taskId", "status", "createdAt"}
    assert answer.headers["Location"] == f"task/{answer.body['taskId']}"
    assert answer.headers["Retry-After"] == "1"
    assert cloud.task(answer.body["taskId"]).payload == '{"n": 1}'
    assert messages(cloud) == [answer.body["taskId"]]


@pytest.mark.parametrize("body", ["", None])
def test_empty_body_counts_as_an_empty_object(cloud: Cloud, api: Api, body: str | None) -> None:
    assert cloud.task(api.post(body).body["taskId"]).payload == "{}"


@pytest.mark.parametrize("body", ["{", "NaN", "\ud800", "[" * 50_000])
def test_body_that_is_not_json_is_400(cloud: Cloud, api: Api, body: str) -> None:
    answer = api.post(body)
    assert (answer.status, answer.body["code"]) == (400, "INVALID_JSON")
    assert messages(cloud) == []


def test_base64_body_is_decoded_and_must_be_utf8(cloud: Cloud, api: Api) -> None:
    good = api.post(base64.b64encode('"ü"'.encode()).decode(), isBase64Encoded=True)
    assert cloud.task(good.body["taskId"]).payload == '"ü"'
    assert api.post(base64.b64encode(b'"\xff"').decode(), isBase64Encoded=True).status == 400


@pytest.mark.parametrize(("extra", "status"), [(0, 200), (1, 413)])
def test_body_is_limited_in_bytes(api: Api, extra: int, status: int) -> None:
    umlauts = "ü" * ((LARGEST_BODY - 2) // 2)
    assert api.post(f'"{umlauts}{"x" * extra}"').status == status


def test_get_shows_each_state_of_a_task(api: Api, worker: Callable[..., Worker]) -> None:
    task_id = api.post('{"n": 1}').body["taskId"]
    assert api.get(task_id).body["status"] == "pending"
    worker(lambda payload, _: {"echo": payload}).poll()
    answer = api.get(task_id.upper())
    assert answer.status == 200
    assert "Retry-After" not in answer.headers
    assert answer.body["result"] == {"echo": {"n": 1}}
    assert set(answer.body) == {
        *("taskId", "status", "attempts", "createdAt", "updatedAt", "startedAt", "completedAt", "result"),
    }


def test_null_result_is_shown(api: Api, worker: Callable[..., Worker]) -> None:
    task_id = api.post("").body["taskId"]
    worker(lambda *_: None).poll()
    assert api.get(task_id).body["result"] is None


@pytest.mark.parametrize(
    ("task_id", "status", "code"),
    [
        (UNKNOWN, 404, "TASK_NOT_FOUND"),
        *((text, 400, "INVALID_TASK_ID") for text in ("not-a-uuid", "a/b", "\0", "\ufffd", UNKNOWN + "\n", "\n")),
    ],
)
def test_unknown_ids_are_told_apart_from_malformed_ones(api: Api, task_id: str, status: int, code: str) -> None:
    answer = api.get(task_id)
    assert (answer.status, answer.body["code"]) == (status, code)


OUTAGES = [
    ConnectTimeoutError(endpoint_url="https://secret.internal"),
    ClientError({"Error": {"Code": "ThrottlingException", "Message": "arn:aws:secret"}}, "Call"),
]


@pytest.mark.parametrize("outage", OUTAGES, ids=["unreachable", "throttled"])
@pytest.mark.parametrize(("service", "call"), [("dynamodb", "put_item"), ("sqs", "send_message")])
def test_outage_of_table_or_queue_is_503_without_internals(
    cloud: Cloud, api: Api, monkeypatch: pytest.MonkeyPatch, service: str, call: str, outage: Exception
) -> None:
    monkeypatch.setattr(getattr(cloud, service), call, broken(outage))
    answer = api.post("{}")
    assert (answer.status, answer.body["code"], answer.headers["Retry-After"]) == (503, "UNAVAILABLE", "1")
    assert "secret" not in json.dumps(answer.body)


def test_outage_while_reading_is_503(cloud: Cloud, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloud.dynamodb, "get_item", broken(OUTAGES[0]))
    assert api.get(UNKNOWN).status == 503


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
    assert "confidential" not in caplog.text + capsys.readouterr().out


class TestIdempotencyKey:
    KEY: Mapping[str, str] = {"Idempotency-Key": "order-7"}

    def test_replay_answers_with_the_task_as_it_stands(self, api: Api, worker: Callable[..., Worker]) -> None:
        first = api.post('{"a":1,"b":2}', self.KEY)
        worker(lambda *_: 42).poll()
        replay = api.post('{"b":2, "a":1}', self.KEY)
        assert replay.headers["Idempotency-Replayed"] == "true"
        assert replay.body == api.get(first.body["taskId"]).body
        assert replay.body["result"] == 42

    def test_replay_of_a_started_task_sends_no_wake_up(
        self, cloud: Cloud, api: Api, worker: Callable[..., Worker]
    ) -> None:
        api.post("{}", self.KEY)
        worker(lambda *_: 42).poll()
        api.post("{}", self.KEY)
        assert messages(cloud) == []

    def test_replay_heals_a_first_try_that_died_between_its_writes(
        self, cloud: Cloud, api: Api, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as outage:
            outage.setattr(cloud.sqs, "send_message", broken(OUTAGES[0]))
            assert api.post("{}", self.KEY).status == 503
        replay = api.post("{}", self.KEY)
        assert replay.status == 200
        assert messages(cloud) == [replay.body["taskId"]]

    def test_other_payload_is_422(self, api: Api) -> None:
        api.post("1", self.KEY)
        answer = api.post("2", self.KEY)
        assert (answer.status, answer.body["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")

    @pytest.mark.parametrize("key", ["", "a b", "ü", "x" * 256, "a\n"])
    def test_key_must_be_visible_ascii(self, api: Api, key: str) -> None:
        answer = api.post("{}", {"Idempotency-Key": key})
        assert (answer.status, answer.body["code"]) == (400, "INVALID_IDEMPOTENCY_KEY")

    @pytest.mark.parametrize("name", ["idempotency-key", "IDEMPOTENCY-KEY"])
    def test_header_name_has_no_case(self, api: Api, name: str) -> None:
        api.post("{}", self.KEY)
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
    def test_key_of_one_caller_never_reaches_anothers_task(self, api: Api, caller: dict[str, Any]) -> None:
        other = json.loads(json.dumps(caller).replace('b"', 'a"'))
        first = api.post("{}", self.KEY, requestContext=other)
        second = api.post("{}", self.KEY, requestContext=caller)
        again = api.post("{}", self.KEY, requestContext=caller)
        assert first.body["taskId"] != second.body["taskId"] == again.body["taskId"]


class TestDeadWork:
    def test_lost_worker_is_told_and_written_once(self, cloud: Cloud, api: Api, clock: Clock) -> None:
        task_id = cloud.put()
        record = cloud.receive()[0]
        record["attributes"]["ApproximateReceiveCount"] = "3"
        cloud.store.claim(delivery_of(record), "gone", clock() + 1000, clock())
        assert api.get(task_id).body["status"] == "processing"
        clock.advance(2)
        assert api.get(task_id).body["error"]["type"] == "WorkerLost"
        assert cloud.task(task_id).status is Status.FAILED
        assert api.get(task_id).body == api.get(task_id).body

    def test_task_that_outlived_its_message_has_expired(self, cloud: Cloud, api: Api, clock: Clock) -> None:
        task_id = cloud.put()
        clock.advance(RETENTION_SECONDS + 61)
        assert api.get(task_id).body["error"]["type"] == "Expired"
