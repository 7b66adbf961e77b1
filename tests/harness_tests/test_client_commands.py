"""`submit`, `watch` and `list-dlq` as a shell sees them: what goes to which output, and the exit code."""

import io
import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from harness import client, dead_letters, kept
from harness.__main__ import main
from harness.client import SigV4
from harness.errors import HarnessError
from harness.target import Target
from support.loopback import Answer, Loopback, loopback

ID = "6f1c1a3e-0000-4000-8000-000000000000"
POSTED = Answer({"taskId": ID, "status": "pending", "createdAt": "2026-01-31T10:00:00.000Z"})
HALF = {"fraction": 0.5, "message": "half way"}
PROCESSING = Answer({"taskId": ID, "status": "processing", "attempts": 1, "progress": HALF})
COMPLETED = Answer({"taskId": ID, "status": "completed", "attempts": 1, "result": {"straße": [1, None]}})
FAILED = Answer(
    {
        "taskId": ID,
        "status": "failed",
        "attempts": 2,
        "updatedAt": "2026-01-31T10:00:01.000Z",
        "completedAt": "2026-01-31T10:00:01.000Z",
        "error": {"type": "ValueError", "message": "no"},
    }
)
NO_SUCH_TASK = Answer({"error": "There is no task with this id.", "code": "TASK_NOT_FOUND"}, 404)

Shown = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Pass no time between polls."""
    taken: list[float] = []
    monkeypatch.setattr(client, "time", SimpleNamespace(monotonic=lambda: sum(taken), sleep=taken.append))
    monkeypatch.setattr(dead_letters, "_EMPTY_RECEIVES", 1)  # each waits a second
    return taken


def posted(site: Loopback) -> Any:
    method, path, body, _ = site.asked[0]
    assert (method, path) == ("POST", "/v1/task")
    return json.loads(body)


def test_submit_prints_the_result_and_nothing_else_to_standard_output(capsys: Shown) -> None:
    with loopback(POSTED, PROCESSING, COMPLETED) as site:
        assert main(["submit", "--url", f"{site.url}/", '{"n": 1}']) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out) == {"straße": [1, None]}
    assert "processing, attempt 1, 50% half way" in shown.err
    assert posted(site) == {"n": 1}


def test_a_failed_task_is_an_error(capsys: Shown) -> None:
    with loopback(POSTED, FAILED) as site:
        assert main(["submit", "--url", site.url, "{}"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "ValueError: no\n" in shown.err


def test_an_earlier_attempts_error_is_shown_meanwhile(capsys: Shown) -> None:
    retried = Answer({**FAILED.body, "status": "pending"})
    with loopback(retried, COMPLETED) as site:
        assert main(["watch", "--url", site.url, ID]) == 0
    assert "pending, attempt 2, failed before with ValueError: no" in capsys.readouterr().err


def test_without_waiting_the_id_is_printed(capsys: Shown) -> None:
    with loopback(POSTED) as site:
        assert main(["submit", "--url", site.url, "--no-wait", "--idempotency-key", "mine", "[]"]) == 0
    assert capsys.readouterr().out == f"{ID}\n"
    assert len(site.asked) == 1
    assert site.asked[0][3]["Idempotency-Key"] == "mine"


@pytest.mark.parametrize("how", [("@{file}",), ("--file", "{file}"), ("-",), ("{text}",)], ids=lambda how: how[0])
def test_the_payload_comes_from_an_argument_a_file_or_standard_input(
    how: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = '{"name": "größer"}'
    file = tmp_path / "payload.json"
    file.write_text(text, encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    given = [part if part == "-" else part.replace("{file}", str(file)).replace("{text}", text) for part in how]
    with loopback(POSTED, COMPLETED) as site:
        assert main(["submit", "--url", site.url, *given]) == 0
    assert posted(site) == {"name": "größer"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(["submit", "{name: 1}"], "The payload is not JSON: Expecting property name", id="no JSON"),
        pytest.param(["submit", "[NaN]"], "The payload is not JSON: NaN is no JSON number", id="NaN"),
        pytest.param(["submit", "[" * 100_000], "The payload is not JSON", id="nested too deep"),
        pytest.param(["submit", "@/no/such/file"], "/no/such/file cannot be read: No such file", id="no file"),
        pytest.param(["submit", "--url", "example.com", "{}"], "'example.com' is no https URL", id="no URL"),
        pytest.param(["watch", "--url", "http://example.com/v1", ID], "is no https URL", id="a plain URL elsewhere"),
        pytest.param(["watch", "42"], "'42' is no task id", id="no task id"),
        pytest.param(["watch", ID], "basic is not up. Start it with: python -m harness up", id="nothing is up"),
        pytest.param(["list-dlq"], "basic is not up. Start it with: python -m harness up", id="no queue is up"),
        pytest.param(
            ["submit", "--example", "nope", "{}"], "There is no example 'nope'. There are: basic", id="no example"
        ),
        pytest.param(
            ["submit", "--url", "http://127.0.0.1:1/v1", "{}"],
            "refused. Check that the stack is up, and the URL; then try again with --idempotency-key",
            id="no answer",
        ),
        pytest.param(["watch", "--url", "http://127.0.0.1:1/v1", ID], "refused. Check that the stack", id="no API"),
    ],
)
def test_bad_input_is_explained(
    arguments: list[str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Shown
) -> None:
    monkeypatch.setattr(kept, "STACKS", tmp_path)
    assert main(arguments) == 1
    assert sentence in capsys.readouterr().err


def test_an_unknown_task_is_explained(capsys: Shown) -> None:
    with loopback(NO_SUCH_TASK) as site:
        assert main(["watch", "--url", site.url, ID]) == 1
    assert f"knows no task {ID}. Check the id" in capsys.readouterr().err


def test_a_task_that_is_not_accepted_is_explained(capsys: Shown) -> None:
    with loopback(Answer({"error": "Too large.", "code": "PAYLOAD_TOO_LARGE"}, 413)) as site:
        assert main(["submit", "--url", site.url, "{}"]) == 1
    assert "The task was not accepted" in (said := capsys.readouterr().err)
    assert "PAYLOAD_TOO_LARGE" in said


def test_ctrl_c_leaves_the_task_and_says_how_to_come_back(monkeypatch: pytest.MonkeyPatch, capsys: Shown) -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(client, "time", SimpleNamespace(monotonic=lambda: 0.0, sleep=interrupted))
    with loopback(PROCESSING) as site, pytest.raises(SystemExit, match="130"):
        main(["watch", "--url", site.url, ID])
    assert f"python -m harness watch {ID} --url {site.url}" in capsys.readouterr().err


def test_an_api_on_aws_needs_credentials_only_once_it_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(HarnessError, match=r"No AWS credentials were found\. Sign in"):
        SigV4.of(Target.of_url("https://abc.execute-api.eu-west-1.amazonaws.com/v1"))


@pytest.mark.parametrize(
    ("url", "region"),
    [
        ("https://abc.execute-api.eu-west-1.amazonaws.com/v1", "eu-west-1"),
        ("https://sqs.ap-southeast-2.amazonaws.com/123456789012/tasks-dlq", "ap-southeast-2"),
        ("https://tasks.example.com", "eu-central-1"),  # the caller's own
    ],
)
@mock_aws
def test_the_region_comes_from_the_url_where_it_says_one(
    url: str, region: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_REGION", raising=False)
    assert Target.of_url(url).region == region


@mock_aws
def test_dead_letters_are_listed_with_their_errors_and_stay(capsys: Shown) -> None:
    sqs = boto3.client("sqs", region_name="eu-west-1")
    queue = sqs.create_queue(QueueName="dlq")["QueueUrl"]
    sqs.send_message(QueueUrl=queue, MessageBody=json.dumps({"taskId": ID}))
    sqs.send_message(QueueUrl=queue, MessageBody="something else")
    with loopback(FAILED) as site:
        assert main(["list-dlq", "--queue-url", queue, "--url", site.url]) == 0
    ours, foreign = capsys.readouterr().out.splitlines()
    assert ours.split()[:2] == [ID, "0"]
    assert ours.endswith("failed 2026-01-31T10:00:01.000Z ValueError: no")
    assert foreign.split()[0] == "-"
    assert len(sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]) == 2


@mock_aws
def test_without_an_api_dead_letters_are_listed_all_the_same(capsys: Shown) -> None:
    sqs = boto3.client("sqs", region_name="eu-west-1")
    queue = sqs.create_queue(QueueName="dlq")["QueueUrl"]
    sqs.send_message(QueueUrl=queue, MessageBody=json.dumps({"taskId": ID}))
    assert main(["list-dlq", "--queue-url", queue]) == 0
    assert f"{ID}     0  " in (said := capsys.readouterr().out)
    assert "give --url" in said


@mock_aws
def test_a_record_that_is_gone_is_told(capsys: Shown) -> None:
    sqs = boto3.client("sqs", region_name="eu-west-1")
    queue = sqs.create_queue(QueueName="dlq")["QueueUrl"]
    sqs.send_message(QueueUrl=queue, MessageBody=json.dumps({"taskId": ID}))
    with loopback(NO_SUCH_TASK) as site:
        main(["list-dlq", "--queue-url", queue, "--url", site.url])
    assert "its record is gone" in capsys.readouterr().out
