"""What a URL may be, and what it tells."""

import pytest

from task_runner_client import TaskClient, TaskRunnerClientError
from task_runner_client.aws import region
from task_runner_client.urls import origin


@pytest.mark.parametrize(
    "url", ["https://tasks.example.com/v1", "https://tasks.example.com/v1/", "https://tasks.example.com/v1/task"]
)
def test_an_api_is_known_by_its_url_with_or_without_task(url: str) -> None:
    assert TaskClient(url).base_url == "https://tasks.example.com/v1"


@pytest.mark.parametrize(
    "url", ["http://tasks.example.com/v1", "tasks.example.com", "https://", "https://[::1", "ftp://127.0.0.1/v1", ""]
)
def test_what_others_could_read_on_the_way_is_refused(url: str) -> None:
    with pytest.raises(TaskRunnerClientError, match="is no https URL"):
        TaskClient(url)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000"])
def test_this_machine_may_be_spoken_to_in_plain_http(host: str) -> None:
    assert TaskClient(f"http://{host}/v1").base_url == f"http://{host}/v1"


@pytest.mark.parametrize(
    "url",
    [
        "https://me:hush@example.com",
        "https://example.com/v1?key=hush",
        "https://a.org/#hush",
        "http://me:hush@example.com",
        "me:hush@example.com",
        "example.com?key=hush",
    ],
)
def test_more_than_a_path_is_refused_and_not_told(url: str) -> None:
    with pytest.raises(TaskRunnerClientError, match=r"more than a path .* leave it out") as told:
        TaskClient(url)
    assert "hush" not in str(told.value)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://abc.execute-api.eu-west-1.amazonaws.com/v1", "eu-west-1"),
        ("https://sqs.ap-southeast-2.amazonaws.com/123456789012/tasks-dlq", "ap-southeast-2"),
        ("https://tasks.example.com", "eu-central-1"),  # the caller's own
    ],
)
def test_the_region_comes_from_the_url_where_it_says_one(
    url: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    assert region(url) == expected


def test_the_origin_of_a_queue_is_its_sqs() -> None:
    assert origin("http://127.0.0.1:4566/000000000000/tasks") == "http://127.0.0.1:4566"
