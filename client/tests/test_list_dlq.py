"""`list-dlq` as a shell and as a person see it, and what it leaves in the queue."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from moto import mock_aws

from loopback import Answer, loopback
from task_runner_client.commands import main
from task_runner_client.dead_letters import dead_letters
from terminal import shown_on_a_terminal
from views import FAILED, ID, NO_SUCH_TASK

Shown = pytest.CaptureFixture[str]


@dataclass(frozen=True)
class Dlq:
    """A dead-letter queue, and the queue of tasks before it."""

    sqs: Any
    url: str
    tasks_url: str

    def send(self, body: str) -> None:
        self.sqs.send_message(QueueUrl=self.url, MessageBody=body)


@pytest.fixture
def dlq(monkeypatch: pytest.MonkeyPatch) -> Iterator[Dlq]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        sqs = boto3.client("sqs", region_name="eu-west-1")
        url = sqs.create_queue(QueueName="dlq")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 2})
        tasks_url = sqs.create_queue(QueueName="tasks", Attributes={"RedrivePolicy": policy})["QueueUrl"]
        yield Dlq(sqs, url, tasks_url)


def listed(capsys: Shown, *arguments: str) -> list[dict[str, Any]]:
    assert main(["list-dlq", *arguments]) == 0
    letters: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return letters


def test_dead_letters_are_listed_with_their_errors_and_stay(dlq: Dlq, capsys: Shown) -> None:
    dlq.send(json.dumps({"taskId": ID}))
    dlq.send("something else")
    with loopback(FAILED) as site:
        letters = listed(capsys, "--queue-url", dlq.url, "--url", site.url)
    ours, foreign = sorted(letters, key=lambda letter: letter["taskId"] is None)
    assert (ours["taskId"], ours["receives"]) == (ID, 0)
    assert ours["task"] == FAILED.body
    assert (foreign["taskId"], foreign["note"]) == (None, "no message of a task runner")
    assert len(dlq.sqs.receive_message(QueueUrl=dlq.url, MaxNumberOfMessages=10)["Messages"]) == 2


def test_without_an_api_dead_letters_are_listed_all_the_same(dlq: Dlq, capsys: Shown) -> None:
    dlq.send(json.dumps({"taskId": ID}))
    (letter,) = listed(capsys, "--queue-url", dlq.url)
    assert (letter["taskId"], letter["receives"], letter["note"]) == (ID, 0, "give --url to see its record")


@pytest.mark.parametrize(
    ("answer", "note"),
    [
        (NO_SUCH_TASK, "its record is gone"),
        (Answer({"error": "You may not.", "code": "ACCESS_DENIED"}, 403), "answered 403 ACCESS_DENIED: You may not."),
    ],
)
def test_a_record_that_cannot_be_had_is_told(answer: Answer, note: str, dlq: Dlq, capsys: Shown) -> None:
    dlq.send(json.dumps({"taskId": ID}))
    with loopback(answer) as site:
        (letter,) = listed(capsys, "--queue-url", dlq.url, "--url", site.url)
    assert letter["note"].endswith(note)
    assert "task" not in letter


def test_the_queue_of_tasks_leads_to_its_dead_letters_and_is_left_alone(dlq: Dlq, capsys: Shown) -> None:
    dlq.send(json.dumps({"taskId": ID}))
    dlq.sqs.send_message(QueueUrl=dlq.tasks_url, MessageBody=json.dumps({"taskId": "waiting"}))
    assert [letter["taskId"] for letter in listed(capsys, "--queue-url", dlq.tasks_url)] == [ID]
    (waiting,) = dlq.sqs.receive_message(
        QueueUrl=dlq.tasks_url, MessageSystemAttributeNames=["ApproximateReceiveCount"]
    )["Messages"]
    assert waiting["Attributes"]["ApproximateReceiveCount"] == "1"  # by this very receive


def test_an_api_alone_is_no_place_to_look_for_dead_letters(capsys: Shown) -> None:
    assert main(["list-dlq", "--url", "https://tasks.example.com/v1"]) == 2
    said = capsys.readouterr().err
    assert "Missing option '--queue-url'" in said
    assert "Give the module's output `queue_url`." in said


def test_without_credentials_a_queue_says_what_to_do(capsys: Shown) -> None:
    assert main(["list-dlq", "--queue-url", "https://sqs.eu-west-1.amazonaws.com/123456789012/dlq"]) == 1
    assert "No AWS credentials were found. Sign in" in capsys.readouterr().err


def test_a_queue_that_is_not_there_is_explained(dlq: Dlq, capsys: Shown) -> None:
    assert main(["list-dlq", "--queue-url", f"{dlq.url}-of-nobody"]) == 1
    assert "The specified queue does not exist" in capsys.readouterr().err


def test_a_look_counts_once_and_shows_the_count_before(dlq: Dlq) -> None:
    for number in range(25):  # more than two receives bring
        dlq.send(json.dumps({"taskId": f"{number}"}))
    assert {letter.receives for letter in dead_letters(dlq.sqs, dlq.url)} == {0}
    again = dead_letters(dlq.sqs, dlq.url)
    assert {letter.receives for letter in again} == {1}
    assert {letter.task_id for letter in again} == {f"{number}" for number in range(25)}


def test_the_json_has_all_of_an_error(dlq: Dlq, capsys: Shown) -> None:
    dlq.send(json.dumps({"taskId": ID}))
    error = {"type": "ValueError", "message": "first\nsecond " + "x" * 1000}
    with loopback(Answer({**FAILED.body, "error": error})) as site:
        (letter,) = listed(capsys, "--queue-url", dlq.url, "--url", site.url)
    assert letter["task"]["error"] == error


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ("first\nsecond", "  ValueError: first"),
        ("x" * 1000, "  ValueError: " + "x" * 65 + "…"),
        ("\x1b[2Jgone\r", "  ValueError: \N{REPLACEMENT CHARACTER}[2Jgone\N{REPLACEMENT CHARACTER}"),
        ("[red]no markup[/]", "  ValueError: [red]no markup[/]"),
    ],
    ids=["several lines", "long", "steers the terminal", "looks like markup"],
)
def test_a_person_sees_an_errors_first_line_as_wide_as_the_terminal(message: str, line: str, dlq: Dlq) -> None:
    dlq.send(json.dumps({"taskId": ID}))
    error = {"type": "ValueError", "message": message}
    with loopback(Answer({**FAILED.body, "error": error})) as site:
        shown = shown_on_a_terminal("list-dlq", "--queue-url", dlq.url, "--url", site.url)
    title, row, said, total = shown
    assert title.split() == ["TASK", "SENT", "RECEIVES", "STATUS"]
    task_id, _, receives, status = row.split()
    assert (task_id, receives, status) == (ID, "0", "failed")
    assert said == line
    assert total == "Dead letters: 1. `redrive` runs their tasks again."
    assert max(map(len, shown)) <= 80


def test_a_person_is_told_that_there_are_none(dlq: Dlq) -> None:
    assert shown_on_a_terminal("list-dlq", "--queue-url", dlq.url) == ["Dead letters: 0."]
