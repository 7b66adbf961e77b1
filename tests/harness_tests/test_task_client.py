"""The client of the task API, against a server that answers as written down."""

from types import SimpleNamespace
from typing import Any

import pytest
from botocore.credentials import Credentials

from harness import client
from harness.client import ApiError, NoAnswer, SigV4, TaskClient
from harness.errors import HarnessError
from support.loopback import Answer, loopback

ID = "6f1c1a3e-0000-4000-8000-000000000000"
PENDING = Answer({"taskId": ID, "status": "pending", "attempts": 0}, headers={"Retry-After": "1"})
COMPLETED = Answer({"taskId": ID, "status": "completed", "attempts": 1})
BUSY = Answer({"error": "Try again.", "code": "UNAVAILABLE"}, 503)
UNSIGNED = Answer({"error": "The request is not signed.", "code": "MISSING_AUTHENTICATION_TOKEN"}, 403)


def processing(**also: Any) -> Answer:
    return Answer({"taskId": ID, "status": "processing", "attempts": 1, **also}, headers={"Retry-After": "1"})


@pytest.fixture(autouse=True)
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Pass no time between polls; tell how long each wait would have been."""
    taken: list[float] = []
    monkeypatch.setattr(client, "time", SimpleNamespace(monotonic=lambda: sum(taken), sleep=taken.append))
    return taken


def seen(*answers: Answer) -> list[dict[str, Any]]:
    with loopback(*answers) as site:
        return list(TaskClient(site.url).wait(ID))


def test_polls_wait_as_retry_after_says_and_longer_while_nothing_changes(naps: list[float]) -> None:
    statuses = [view["status"] for view in seen(*[PENDING] * 9, COMPLETED)]
    assert statuses == ["pending", "completed"]
    assert naps[:3] == [1, 1, 1]
    assert naps == sorted(naps)
    assert naps[-1] == 5


def test_a_change_brings_the_short_wait_back(naps: list[float]) -> None:
    seen(*[PENDING] * 8, processing(), COMPLETED)
    assert naps[-2] > 1
    assert naps[-1] == 1


def test_a_longer_retry_after_is_obeyed(naps: list[float]) -> None:
    seen(Answer(PENDING.body, headers={"Retry-After": "30"}), COMPLETED)
    assert naps == [30]


def test_a_busy_api_is_asked_again_later(naps: list[float]) -> None:
    assert [view["status"] for view in seen(BUSY, BUSY, BUSY, COMPLETED)] == ["completed"]
    assert naps == sorted(set(naps))


def test_progress_is_told_when_it_changes() -> None:
    half = processing(progress={"fraction": 0.5, "message": "half way"})
    views = seen(processing(), half, half, COMPLETED)
    assert [view.get("progress", {}).get("message") for view in views] == [None, "half way", None]


def test_an_api_that_never_answers_is_given_up(naps: list[float]) -> None:
    with pytest.raises(NoAnswer, match=r"GET .* got no answer: .*[Rr]efused"):
        list(TaskClient("http://127.0.0.1:1/v1").wait(ID))
    assert len(naps) == 5


def test_an_api_that_comes_back_is_forgiven() -> None:
    class Shaky(TaskClient):
        lost = 5

        def request(self, *asked: Any, **also: Any) -> Any:
            self.lost -= 1
            if self.lost >= 0:
                raise NoAnswer("gone")
            return super().request(*asked, **also)

    with loopback(COMPLETED) as site:
        assert [view["status"] for view in Shaky(site.url).wait(ID)] == ["completed"]


def test_a_task_that_takes_too_long_is_named() -> None:
    with loopback(PENDING) as site, pytest.raises(HarnessError, match=f"{ID} is not finished after 60 s"):
        list(TaskClient(site.url).wait(ID))


@pytest.mark.parametrize("other", ["<html>Welcome</html>", ["a", "list"], {"message": "hello"}])
def test_what_is_no_task_api_is_told_from_one(other: Any) -> None:
    with loopback(Answer(other)) as site, pytest.raises(ApiError, match="answered 200"):
        TaskClient(site.url).get(ID)


@pytest.mark.parametrize(
    "refusal",
    [UNSIGNED, Answer({"message": "Missing"}, 403, {"x-amzn-ErrorType": "MissingAuthenticationTokenException"})],
    ids=["this module's", "API Gateway's own"],
)
def test_requests_are_signed_once_the_api_asks(refusal: Answer) -> None:
    with loopback(refusal, PENDING, COMPLETED) as site:
        signer = SigV4(Credentials("AKIA", "secret"), "eu-west-1")
        TaskClient(site.url, signer=lambda: signer).run({})
    signed = ["eu-west-1/execute-api" in headers.get("Authorization", "") for *_, headers in site.asked]
    assert signed == [False, True, True]
    assert [body for _, _, body, _ in site.asked] == [b"{}", b"{}", b""]


def test_a_refusal_that_no_signature_heals_is_told() -> None:
    refusal = Answer({"error": "You may not.", "code": "ACCESS_DENIED"}, 403)
    with loopback(refusal) as site, pytest.raises(ApiError, match="ACCESS_DENIED"):
        TaskClient(site.url, signer=lambda: pytest.fail("nobody asked")).submit({})
