"""`TaskClient.retry`, and `task-runner retry` for many at once."""

import pytest

from loopback import Answer, loopback
from task_runner_client import ApiError, TaskClient
from task_runner_client.commands import main
from views import ID, NO_SUCH_TASK, PENDING

OTHER, THIRD = ID.replace("6", "7"), ID.replace("6", "8")
COMPLETED = Answer({"error": "This task is completed: there is nothing to retry.", "code": "TASK_COMPLETED"}, 409)
NO_SUCH_ROUTE = Answer({"error": "Use POST /task or GET /task/{taskId}.", "code": "NOT_FOUND"}, 404)
Shown = pytest.CaptureFixture[str]


def test_client_posts_and_returns_the_view() -> None:
    with loopback(PENDING) as site:
        assert TaskClient(site.url).retry(ID)["status"] == "pending"
    assert [(method, path, body) for method, path, body, _ in site.asked] == [("POST", f"/v1/task/{ID}/retry", b"")]


def test_client_tells_why_not() -> None:
    with loopback(COMPLETED) as site, pytest.raises(ApiError) as refusal:
        TaskClient(site.url).retry(ID)
    assert (refusal.value.status, refusal.value.code) == (409, "TASK_COMPLETED")


def test_command_prints_the_ids_that_run_again(capsys: Shown) -> None:
    with loopback(PENDING) as site:
        assert main(["retry", "--url", site.url, ID.upper(), OTHER, ID]) == 0
    assert [path for _, path, _, _ in site.asked] == [f"/v1/task/{ID}/retry", f"/v1/task/{OTHER}/retry"]
    assert capsys.readouterr().out == f"{ID}\n{OTHER}\n"


def test_command_goes_on_after_one_that_is_refused(capsys: Shown) -> None:
    with loopback(COMPLETED, NO_SUCH_TASK, PENDING) as site:
        assert main(["retry", "--url", site.url, ID, OTHER, THIRD]) == 1
    shown = capsys.readouterr()
    assert shown.out == f"{THIRD}\n"
    assert f"{ID}: This task is completed" in shown.err
    assert f"{OTHER}: There is no task with this id." in shown.err


def test_api_without_the_route_is_asked_once(capsys: Shown) -> None:
    with loopback(NO_SUCH_ROUTE) as site:
        assert main(["retry", "--url", site.url, ID, OTHER]) == 1
    assert len(site.asked) == 1
    assert "answered 404 NOT_FOUND" in capsys.readouterr().err


def test_task_without_an_answer_is_named_and_the_others_follow(capsys: Shown) -> None:
    with loopback(PENDING) as site:
        url = site.url
    assert main(["retry", "--url", url, ID, OTHER]) == 1
    shown = capsys.readouterr()
    assert (shown.out, shown.err.count("retry it once more")) == ("", 2)


def test_what_is_no_id_is_refused_before_anything_is_asked(capsys: Shown) -> None:
    with loopback(PENDING) as site:
        assert main(["retry", "--url", site.url, ID, "42"]) == 2
        assert main(["retry", "--url", site.url]) == 2
    assert site.asked == []
    assert "'42' is no task id" in capsys.readouterr().err
