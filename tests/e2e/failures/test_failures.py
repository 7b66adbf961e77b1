"""Tasks, messages and services that fail, and what the caller gets to see of it."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from e2e.conftest import SUBJECTS, Live, live, package_of, packaged
from e2e.faults import denied
from harness.handler_check import handler_fault
from task_runner_client import TaskView
from task_runner_client.progress import View
from task_runner_client.redrive import move_dead_letters


@pytest.fixture(scope="module")
def failures(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    source = SUBJECTS / "failures"
    package = packaged(source, tmp_path_factory.mktemp("package"))
    with live(pytestconfig, source, package_file=package) as stack:
        yield stack


def dead_letters(stack: Live, *task_ids: str, wait: float) -> set[str]:
    """Those of the tasks whose message comes to the dead-letter queue within `wait` seconds; others are left there."""
    sqs, url = stack.target.client("sqs"), stack.outputs["dead_letter_queue_url"]
    found: set[str] = set()
    deadline = time.monotonic() + wait
    while time.monotonic() < deadline and found != set(task_ids):
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1, VisibilityTimeout=2)
        found |= {json.loads(message["Body"])["taskId"] for message in answer.get("Messages", [])} & set(task_ids)
    return found


def test_a_task_that_raises_is_tried_again_then_failed_and_dead_lettered(failures: Live) -> None:
    task = failures.api.run({"do": "raise", "message": "the disk is full"}, 60)
    assert task["status"] == "failed"
    assert task["attempts"] == 2
    assert task["error"]["type"] == "ValueError"
    assert "the disk is full" in task["error"]["message"]
    assert "result" not in task
    assert dead_letters(failures, task["taskId"], wait=20) == {task["taskId"]}


def test_a_task_that_gives_up_is_failed_at_once_and_not_dead_lettered(failures: Live) -> None:
    task = failures.api.run({"do": "give up", "message": "no such customer"}, 60)
    assert task["status"] == "failed"
    assert task["attempts"] == 1
    assert "no such customer" in task["error"]["message"]
    assert not dead_letters(failures, task["taskId"], wait=4)


def test_a_task_that_fails_once_completes_on_its_second_attempt(failures: Live) -> None:
    task = failures.api.run({"do": "fail once"}, 60)
    assert (task["status"], task["attempts"], task["result"]["attempt"]) == ("completed", 2, 2)
    assert "error" not in task


def test_progress_is_shown_while_the_task_runs(failures: Live) -> None:
    task_id = failures.api.submit({"do": "report", "message": "half way"})["taskId"]
    views: list[TaskView] = []
    deadline = time.monotonic() + 60
    while not views or views[-1]["status"] != "completed":
        assert time.monotonic() < deadline, views[-1]
        views.append(failures.api.get(task_id))
        time.sleep(0.2)
    shown = [view["progress"] for view in views if "progress" in view]
    assert shown
    assert all(progress == {"fraction": 0.5, "message": "half way"} for progress in shown)
    assert "progress" not in views[-1]


def test_good_neighbours_of_a_failing_task_complete_on_their_first_attempt(failures: Live) -> None:
    good = [failures.api.submit({"do": "work", "number": number})["taskId"] for number in range(5)]
    bad = failures.api.submit({"do": "raise", "message": "poison"})["taskId"]
    good += [failures.api.submit({"do": "work", "number": number})["taskId"] for number in range(5, 9)]
    done = [last(failures, task_id) for task_id in good]
    assert {(task["status"], task["attempts"]) for task in done} == {("completed", 1)}
    assert last(failures, bad)["status"] == "failed"


@pytest.mark.parametrize(
    "body", ["not JSON", "[]", '{"task": "without an id"}', '{"taskId": "no UUID"}', '{"taskId": 7}']
)
def test_a_foreign_message_is_dropped_and_does_not_break_its_batch(failures: Live, body: str) -> None:
    sqs, queue = failures.target.client("sqs"), failures.outputs["queue_url"]
    sqs.send_message(QueueUrl=queue, MessageBody=body)
    assert failures.api.run({"do": "work"}, 60)["status"] == "completed"
    wait_until_empty(sqs, queue)
    waiting = sqs.receive_message(
        QueueUrl=failures.outputs["dead_letter_queue_url"], MaxNumberOfMessages=10, VisibilityTimeout=0
    )
    assert body not in {message["Body"] for message in waiting.get("Messages", [])}


def test_nothing_is_accepted_while_the_table_cannot_be_written(failures: Live) -> None:
    dynamodb, table = failures.target.client("dynamodb"), failures.outputs["table_name"]
    before = record_ids(dynamodb, table)
    with denied(failures, "dynamodb:*"):
        refused(failures)
    time.sleep(2)  # a wake-up without a record may be on its way; it must not become one
    assert record_ids(dynamodb, table) == before
    assert failures.api.run({"do": "work"}, 60)["status"] == "completed"


def test_nothing_is_accepted_while_the_queue_cannot_be_written(failures: Live) -> None:
    with denied(failures, "sqs:*"):
        refused(failures)
    assert failures.api.run({"do": "work"}, 60)["status"] == "completed"


def last(stack: Live, task_id: str) -> TaskView:
    *_, view = stack.api.wait(task_id, 60)
    return view


def wait_until_empty(sqs: Any, queue: str) -> None:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    deadline = time.monotonic() + 30
    while any(int(n) for n in sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"].values()):
        assert time.monotonic() < deadline, "messages stay in the queue"
        time.sleep(0.5)


def record_ids(dynamodb: Any, table: str) -> set[str]:
    pages = dynamodb.get_paginator("scan").paginate(TableName=table, ProjectionExpression="taskId", ConsistentRead=True)
    return {item["taskId"]["S"] for page in pages for item in page["Items"]}


def refused(stack: Live) -> None:
    """POST until the denial has spread (seconds in an account), then expect 503 in our shape, with nothing internal."""
    deadline = time.monotonic() + 30
    while (answer := stack.api.request("POST", "/task", b"{}")).status_code == 200 and time.monotonic() < deadline:
        time.sleep(1)
    assert answer.status_code == 503, answer.text
    assert answer.json()["code"] == "UNAVAILABLE"
    assert "arn:" not in answer.text
    assert answer.headers["Retry-After"].isdigit()


BROKEN = {
    "def other(payload, context): ...": "tasks has no function handle: check worker.handler",
    "import no_such_library": "importing tasks raised ModuleNotFoundError: No module named 'no_such_library'",
    "def handle(payload): ...": "tasks.handle must take two arguments, payload and context",
}


def test_code_that_cannot_be_called_fails_its_tasks_until_it_is_mended(failures: Live) -> None:
    stuck = {}
    for code, sentence in BROKEN.items():
        deploy(failures, package_of(code))
        assert handler_fault(failures.target, failures.outputs) == sentence
        task = failures.api.run({"do": "work"}, 60)
        assert (task["status"], task["attempts"]) == ("failed", 2)
        assert task["error"] == {"type": "HandlerUnavailable", "message": sentence}
        stuck[task["taskId"]] = code
    assert dead_letters(failures, *stuck, wait=20) == stuck.keys()

    deploy(failures, package_of((SUBJECTS / "failures" / "tasks.py").read_text()))
    assert handler_fault(failures.target, failures.outputs) is None
    time.sleep(3)  # until the dead letters that were looked at can be received again
    with View.silent().step("Redriving") as step:
        assert move_dead_letters(failures.target.client("sqs"), failures.outputs["queue_url"], step) >= len(stuck)
    deadline = time.monotonic() + 60
    while {failures.api.get(task_id)["status"] for task_id in stuck} != {"completed"}:
        assert time.monotonic() < deadline, [failures.api.get(task_id) for task_id in stuck]
        time.sleep(0.5)


def deploy(stack: Live, package: bytes) -> None:
    lambda_, name = stack.target.client("lambda"), stack.outputs["worker_function_name"]
    lambda_.update_function_code(FunctionName=name, ZipFile=package)
    lambda_.get_waiter("function_updated_v2").wait(FunctionName=name)
