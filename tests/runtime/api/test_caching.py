"""No cache keeps what the API answers: the next answer may be another."""

from collections.abc import Mapping

from support.cloud import Answer, Api, Cloud
from task_runner.config import Cors

ORIGIN: Mapping[str, str] = {"Origin": "https://app.example.com"}


def answers(api: Api) -> list[Answer]:
    """One of each kind; those of the errors are asked in test_errors.py."""
    key = {"Idempotency-Key": "order-7", **ORIGIN}
    accepted, replayed = api.post("{}", key), api.post("{}", key)
    return [accepted, replayed, api.get(accepted.body["taskId"], ORIGIN), api.get("no-uuid", ORIGIN)]


def test_nothing_is_stored(api: Api) -> None:
    given = answers(api)
    assert [answer.status for answer in given] == [200, 200, 200, 400]
    assert [answer.headers["Cache-Control"] for answer in given] == ["no-store"] * 4


def test_nothing_is_stored_for_browsers_either(cloud: Cloud) -> None:
    api = Api(cloud, Cors(("*",), (), 300))
    preflight = api.preflight("/task", ORIGIN)
    assert preflight.status == 204
    assert [answer.headers["Cache-Control"] for answer in [preflight, *answers(api)]] == ["no-store"] * 5
