"""GET /task/{taskId}: the task as it stands, and tasks whose worker is gone."""

from collections.abc import Callable

import pytest

from runtime.api.aws import OUTAGES, broken
from support.cloud import RETENTION_SECONDS, Api, Clock, Cloud, Worker
from task_runner.record.task import Status
from task_runner.wakeups import delivery_of

UNKNOWN = "3f1c1e58-6d5c-4e0e-9a53-0d5f6a0f7a11"


def test_get_shows_each_state_of_a_task(api: Api, worker: Callable[..., Worker]) -> None:
    task_id = api.post('{"n": 1}').body["taskId"]
    assert api.get(task_id).body["status"] == "pending"
    worker(lambda payload, _: {"echo": payload}).poll()
    answer = api.get(task_id.upper())
    assert answer.status == 200
    assert "Retry-After" not in answer.headers
    assert answer.body["result"] == {"echo": {"n": 1}}
    assert set(answer.body) == {
        *("taskId", "status", "attempts", "createdAt", "updatedAt", "startedAt", "completedAt", "history", "result"),
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
        *(
            (text, 400, "INVALID_TASK_ID")
            for text in ("%ff", "\udcff", "\xff", UNKNOWN[:-1] + "\uff11", UNKNOWN + "%00")
        ),
    ],
    ids=ascii,
)
def test_unknown_ids_are_told_apart_from_malformed_ones(api: Api, task_id: str, status: int, code: str) -> None:
    answer = api.get(task_id)
    assert (answer.status, answer.body["code"]) == (status, code)


def test_outage_while_reading_is_503(cloud: Cloud, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloud.dynamodb, "get_item", broken(OUTAGES[0]))
    assert api.get(UNKNOWN).status == 503


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


def test_path_in_which_the_gateway_finds_no_id_is_malformed(api: Api) -> None:
    answer = api.request("GET", "/task///", resource="/task/{taskId}", pathParameters=None)
    assert (answer.status, answer.body["code"]) == (400, "INVALID_TASK_ID")
