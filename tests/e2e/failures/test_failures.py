"""Tasks, messages and services that fail, and what the caller gets to see of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from e2e.conftest import PATIENCE, SPREAD, SUBJECTS, Live, live, package_of, packaged
from e2e.faults import denied
from harness.handler_check import handler_fault
from harness.redeploy import update_code
from harness.waiting import poll, wait_until
from support.queues import dead_letter_ids, wait_for_dead_letters, wait_until_settled
from task_runner_client import ApiError
from task_runner_client.progress import View
from task_runner_client.redrive import move_dead_letters


@pytest.fixture(scope="module")
def failures(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    source = SUBJECTS / "failures"
    package = packaged(source, tmp_path_factory.mktemp("package"))
    with live(pytestconfig, source, package_file=package) as stack:
        yield stack


def test_a_task_that_raises_is_tried_again_then_failed_and_dead_lettered(failures: Live) -> None:
    task = failures.run({"do": "raise", "message": "the disk is full"})
    assert task["status"] == "failed"
    assert task["attempts"] == 2
    assert task["error"]["type"] == "ValueError"
    assert "the disk is full" in task["error"]["message"]
    assert "result" not in task
    assert task["taskId"] in wait_for_dead_letters(failures.target, failures.outputs, {task["taskId"]})


def test_a_task_that_gives_up_is_failed_at_once_and_not_dead_lettered(failures: Live) -> None:
    task = failures.run({"do": "give up", "message": "no such customer"})
    assert task["status"] == "failed"
    assert task["attempts"] == 1
    assert "no such customer" in task["error"]["message"]
    wait_until_settled(failures.target, failures.outputs)
    assert task["taskId"] not in dead_letter_ids(failures.target, failures.outputs)


def test_a_task_that_fails_once_completes_on_its_second_attempt(failures: Live) -> None:
    task = failures.run({"do": "fail once"})
    assert (task["status"], task["attempts"], task["result"]["attempt"]) == ("completed", 2, 2)
    assert "error" not in task


def test_a_task_that_failed_for_good_is_retried_and_its_old_dead_letter_does_no_harm(failures: Live) -> None:
    task_id = failures.run({"do": "fail twice"})["taskId"]
    wait_for_dead_letters(failures.target, failures.outputs, {task_id})
    assert failures.api.retry(task_id)["status"] == "pending"
    done = failures.end_of(task_id)
    assert (done["status"], done["attempts"]) == ("completed", 3)
    assert [one["outcome"] for one in done["history"]] == ["failed", "failed", "completed"]
    with View.silent().step("Moving") as step:
        move_dead_letters(failures.target.client("sqs"), failures.outputs["queue_url"], step)
    wait_until_settled(failures.target, failures.outputs)
    assert failures.api.get(task_id) == done
    with pytest.raises(ApiError, match="TASK_COMPLETED"):
        failures.api.retry(task_id)


def test_progress_is_shown_while_the_task_runs(failures: Live, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    task_id = failures.api.submit({"do": "report", "message": "half way", "until": str(seen)})["taskId"]
    shown = []
    for view in failures.api.wait(task_id, PATIENCE):
        if "progress" in view:
            shown.append(view["progress"])
            seen.touch()
    assert shown
    assert all(progress == {"fraction": 0.5, "message": "half way"} for progress in shown)
    assert view["status"] == "completed"
    assert "progress" not in view


def test_good_neighbours_of_a_failing_task_complete_on_their_first_attempt(failures: Live) -> None:
    good = [failures.api.submit({"do": "work", "number": number})["taskId"] for number in range(5)]
    bad = failures.api.submit({"do": "raise", "message": "poison"})["taskId"]
    good += [failures.api.submit({"do": "work", "number": number})["taskId"] for number in range(5, 9)]
    done = [failures.end_of(task_id) for task_id in good]
    assert {(task["status"], task["attempts"]) for task in done} == {("completed", 1)}
    assert failures.end_of(bad)["status"] == "failed"


@pytest.mark.parametrize(
    "body", ["not JSON", "[]", '{"task": "without an id"}', '{"taskId": "no UUID"}', '{"taskId": 7}']
)
def test_a_foreign_message_is_dropped_and_does_not_break_its_batch(failures: Live, body: str) -> None:
    sqs = failures.target.client("sqs")
    sqs.send_message(QueueUrl=failures.outputs["queue_url"], MessageBody=body)
    assert failures.run({"do": "work"})["status"] == "completed"
    wait_until_settled(failures.target, failures.outputs)
    waiting = sqs.receive_message(
        QueueUrl=failures.outputs["dead_letter_queue_url"], MaxNumberOfMessages=10, VisibilityTimeout=0
    )
    assert body not in {message["Body"] for message in waiting.get("Messages", [])}


def test_nothing_is_accepted_while_the_table_cannot_be_written(failures: Live) -> None:
    dynamodb, table = failures.target.client("dynamodb"), failures.outputs["table_name"]
    before = record_ids(dynamodb, table)
    with denied(failures, "dynamodb:*"):
        refused(failures)
    wait_until_settled(failures.target, failures.outputs)  # a wake-up without a record must not become one
    assert record_ids(dynamodb, table) == before
    assert failures.run({"do": "work"})["status"] == "completed"


def test_nothing_is_accepted_while_the_queue_cannot_be_written(failures: Live) -> None:
    with denied(failures, "sqs:*"):
        refused(failures)
    assert failures.run({"do": "work"})["status"] == "completed"


def record_ids(dynamodb: Any, table: str) -> set[str]:
    pages = dynamodb.get_paginator("scan").paginate(TableName=table, ProjectionExpression="taskId", ConsistentRead=True)
    return {item["taskId"]["S"] for page in pages for item in page["Items"]}


def refused(stack: Live) -> None:
    """POST until the denial has spread (seconds in an account), then expect 503 in our shape, with nothing internal."""
    answer = poll(
        lambda: stack.api.request("POST", "/task", b"{}"),
        lambda answer: answer.status_code != 200,
        seconds=SPREAD,
        pause=1,
    )
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
        task = failures.run({"do": "work"})
        assert (task["status"], task["attempts"]) == ("failed", 2)
        assert task["error"] == {"type": "HandlerUnavailable", "message": sentence}
        stuck[task["taskId"]] = code
        assert stuck.keys() <= wait_for_dead_letters(failures.target, failures.outputs, stuck.keys())

    deploy(failures, package_of((SUBJECTS / "failures" / "tasks.py").read_text()))
    assert handler_fault(failures.target, failures.outputs) is None
    with View.silent().step("Redriving") as step:
        assert move_dead_letters(failures.target.client("sqs"), failures.outputs["queue_url"], step) >= len(stuck)
    wait_until(
        "they complete after all",
        lambda: [failures.api.get(task_id) for task_id in stuck],
        lambda views: {view["status"] for view in views} == {"completed"},
        seconds=PATIENCE,
    )


def deploy(stack: Live, package: bytes) -> None:
    update_code(stack.target, stack.outputs, package)
