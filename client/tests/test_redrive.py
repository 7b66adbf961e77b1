"""Dead letters go back: by SQS where it can, else one by one."""

import io
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from task_runner_client import TaskRunnerClientError, redrive
from task_runner_client.commands import main
from task_runner_client.progress import View
from task_runner_client.queues import Queues, queues_of
from task_runner_client.redrive import move_dead_letters
from terminal import shown_on_a_terminal

ARN = "arn:aws:sqs:eu-west-1:123456789012:tasks-dlq"
Shown = pytest.CaptureFixture[str]


class Sqs:
    """Moves messages itself, and tells how it goes as written down."""

    def __init__(self, *told: dict[str, Any]) -> None:
        self.told = iter(told)
        self.moved_from: list[str] = []

    def get_queue_attributes(self, **_: Any) -> dict[str, Any]:
        return {"Attributes": {"QueueArn": ARN}}

    def start_message_move_task(self, **asked: Any) -> None:
        self.moved_from.append(asked["SourceArn"])

    def list_message_move_tasks(self, **_: Any) -> dict[str, Any]:
        return {"Results": [next(self.told)]}


def move(sqs: Any, queue_url: str) -> int:
    with View.silent().step("Moving") as step:
        return move_dead_letters(sqs, queue_url, step)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redrive, "_POLL_SECONDS", 0)


@pytest.fixture
def queues(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Any, str, str]]:
    """A client of an SQS that cannot move messages itself, a queue of tasks, and one with two dead letters."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        sqs: Any = boto3.client("sqs", region_name="eu-west-1")
        dead = sqs.create_queue(QueueName="tasks-dlq")["QueueUrl"]
        policy = json.dumps({"deadLetterTargetArn": ARN, "maxReceiveCount": 2})
        tasks = sqs.create_queue(QueueName="tasks", Attributes={"RedrivePolicy": policy})["QueueUrl"]
        for number in range(2):
            sqs.send_message(QueueUrl=dead, MessageBody=json.dumps({"taskId": number}))
        yield sqs, tasks, dead


def bodies(sqs: Any, queue_url: str) -> list[str]:
    return sorted(
        message["Body"]
        for message in sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10).get("Messages", [])
    )


def test_sqs_moves_them_itself_where_it_can() -> None:
    sqs = Sqs(
        {"Status": "RUNNING"},
        {"Status": "COMPLETED", "ApproximateNumberOfMessagesMoved": 3},
    )
    assert move(sqs, "https://sqs.eu-west-1.amazonaws.com/123456789012/tasks-dlq") == 3
    assert sqs.moved_from == [ARN]


@pytest.mark.parametrize(
    ("end", "why"),
    [({"Status": "FAILED", "FailureReason": "AccessDenied"}, "AccessDenied"), ({"Status": "CANCELLED"}, "CANCELLED")],
)
def test_a_move_that_stops_half_way_is_an_error(end: dict[str, Any], why: str) -> None:
    sqs = Sqs({**end, "ApproximateNumberOfMessagesMoved": 1})
    with pytest.raises(TaskRunnerClientError, match=f"has moved 1 messages and then stopped: {why}"):
        move(sqs, "https://sqs.eu-west-1.amazonaws.com/123456789012/tasks-dlq")


def test_a_refusal_of_sqs_is_not_taken_for_a_lack() -> None:
    class Busy(Sqs):
        def start_message_move_task(self, **_: Any) -> None:
            raise ClientError({"Error": {"Code": "InvalidParameterValue", "Message": "one runs"}}, "Start")

    with pytest.raises(ClientError, match="one runs"):
        move(Busy(), "https://sqs.eu-west-1.amazonaws.com/123456789012/tasks-dlq")


@pytest.fixture
def without_moves(monkeypatch: pytest.MonkeyPatch, queues: tuple[Any, str, str]) -> tuple[Any, str, str]:
    """The embedded AWS's answer to StartMessageMoveTask, whatever moto says to it."""

    def not_offered(*_: Any, **__: Any) -> None:
        raise ClientError({"Error": {"Code": "InvalidAction", "Message": "unknown"}}, "StartMessageMoveTask")

    def patched(sqs: Any, queue_url: str) -> Queues:
        sqs.start_message_move_task = not_offered
        return queues_of(sqs, queue_url)

    monkeypatch.setattr(redrive, "queues_of", patched)
    return queues


def test_they_are_moved_one_by_one_where_sqs_cannot(without_moves: tuple[Any, str, str]) -> None:
    sqs, tasks, dead = without_moves
    assert move(sqs, tasks) == 2
    assert bodies(sqs, tasks) == ['{"taskId": 0}', '{"taskId": 1}']
    hidden = "ApproximateNumberOfMessagesNotVisible"  # to which a message belongs that was received and is still there
    left = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=[hidden])["Attributes"]
    assert (bodies(sqs, dead), left[hidden]) == ([], "0")


def test_without_the_queue_of_tasks_an_sqs_that_cannot_move_says_what_it_needs(
    without_moves: tuple[Any, str, str],
) -> None:
    sqs, _, dead = without_moves
    with pytest.raises(TaskRunnerClientError, match="name the queue of tasks instead"):
        move(sqs, dead)
    assert len(bodies(sqs, dead)) == 2


def test_the_command_tells_programs_how_many(without_moves: tuple[Any, str, str], capsys: Shown) -> None:
    assert main(["redrive", "--yes", "--queue-url", without_moves[1]]) == 0
    assert json.loads(capsys.readouterr().out) == {"moved": 2}


def test_the_command_tells_a_person_how_many_or_that_there_are_none(without_moves: tuple[Any, str, str]) -> None:
    again = ("redrive", "--yes", "--queue-url", without_moves[1])
    assert shown_on_a_terminal(*again) == ["2 moved; their tasks run again."]
    assert shown_on_a_terminal(*again) == ["No dead letters were found."]


@pytest.mark.parametrize("answer", ["n\n", ""])
def test_the_command_asks_first(
    answer: str, queues: tuple[Any, str, str], monkeypatch: pytest.MonkeyPatch, capsys: Shown
) -> None:
    sqs, tasks, dead = queues
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    assert main(["redrive", "--queue-url", tasks]) == 1
    said = capsys.readouterr().err
    assert f"Run the tasks of about 2 dead letters of {dead} again?" in said
    assert "Nothing was done." in said
    assert len(bodies(sqs, dead)) == 2
