"""The client of the task API, against a server that answers as written down."""

from typing import Any

import pytest

from loopback import Answer, loopback
from task_runner_client import ApiError, NoAnswer, TaskClient, TaskRunnerClientError, TaskTimeout, TaskView
from views import COMPLETED, ID

PENDING = Answer({"taskId": ID, "status": "pending", "attempts": 0}, headers={"Retry-After": "1"})
BUSY = Answer({"error": "Try again.", "code": "UNAVAILABLE"}, 503)


def processing(**also: Any) -> Answer:
    return Answer({"taskId": ID, "status": "processing", "attempts": 1, **also}, headers={"Retry-After": "1"})


def seen(*answers: Answer) -> list[TaskView]:
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
    with loopback(PENDING) as site, pytest.raises(TaskTimeout, match=f"{ID} is not finished after 60 s") as told:
        list(TaskClient(site.url).wait(ID))
    assert (told.value.task_id, told.value.view) == (ID, PENDING.body)


@pytest.mark.parametrize("other", ["<html>Welcome</html>", ["a", "list"], {"message": "hello"}])
def test_what_is_no_task_api_is_told_from_one(other: Any) -> None:
    with loopback(Answer(other)) as site, pytest.raises(ApiError, match="answered 200"):
        TaskClient(site.url).get(ID)


def test_a_refusal_is_told_to_people_and_to_programs() -> None:
    refusal = Answer(BUSY.body, 503, {"Retry-After": "7"})
    with loopback(refusal) as site, pytest.raises(ApiError) as told:
        TaskClient(site.url).submit({})
    error = told.value
    assert (error.status, error.code, error.sentence, error.retry_after) == (503, "UNAVAILABLE", "Try again.", 7)
    assert str(error) == f"POST {site.url}/task answered 503 UNAVAILABLE: Try again."


def test_what_comes_from_another_than_the_api_has_no_code() -> None:
    with loopback(Answer("<html>Bad gateway</html>", 502)) as site, pytest.raises(ApiError) as told:
        TaskClient(site.url).get(ID)
    assert (told.value.code, told.value.sentence, told.value.retry_after) == (None, "<html>Bad gateway</html>", None)


def test_a_redirect_is_not_followed() -> None:
    with loopback(COMPLETED) as elsewhere:
        moved = Answer({}, 307, {"Location": f"{elsewhere.url}/task"})
        with loopback(moved) as site, pytest.raises(ApiError, match="answered 307"):
            TaskClient(site.url, api_key="secret").submit({"private": 1})
    assert elsewhere.asked == []


def test_an_id_stays_one_part_of_the_path() -> None:
    with loopback(COMPLETED) as site:
        TaskClient(site.url).get("../other?x#y")
    assert site.asked[0][1] == "/v1/task/..%2Fother%3Fx%23y"


def test_a_payload_that_is_no_json_is_not_sent() -> None:
    with loopback(COMPLETED) as site, pytest.raises(ValueError, match="not JSON compliant"):
        TaskClient(site.url).submit(float("nan"))
    assert site.asked == []


def test_an_idempotency_key_goes_with_the_post() -> None:
    with loopback(PENDING, COMPLETED) as site:
        assert TaskClient(site.url).run({}, idempotency_key="mine")["status"] == "completed"
    assert [headers.get("Idempotency-Key") for *_, headers in site.asked] == ["mine", None]


@pytest.mark.parametrize("key", ["", "two words", "kürzel", "€", "a\n", "k" * 256])
def test_a_key_that_the_api_refuses_is_not_sent(key: str) -> None:
    with loopback(PENDING) as site, pytest.raises(TaskRunnerClientError, match="1 to 255 visible ASCII characters"):
        TaskClient(site.url).submit({}, idempotency_key=key)
    assert site.asked == []
