"""Workers that die, hang and are killed, and a flood with clients that retry: nothing is lost, nothing is stuck."""

import os
import signal
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from e2e.conftest import PATIENCE, SUBJECTS, Live, live, packaged
from harness.waiting import wait_until
from support.queues import dead_letter_ids, wait_for_dead_letters, wait_until_settled
from task_runner_client import ApiError, NoAnswer, TaskClient, TaskView
from task_runner_client.progress import View
from task_runner_client.redrive import move_dead_letters

TRIES, WORKER_SECONDS = 4, 8  # as main.tf says
ENDS = {  # how each bad task ends
    "raise": "ValueError",
    "hang": "TimedOut",
    "exit": "WorkerLost",
    "give up": "PermanentError",
    "return nonsense": "InvalidResult",
}
BAD = tuple(ENDS)
BY_RETRIES = {"raise", "hang", "exit"}  # the others fail at once, and leave no message
SHARE = 20  # every 20th task, 5 %, is bad in one way, and so for each way
CLIENTS = 16
FLOOD_SECONDS = 600.0  # until all is done: ten times what it takes on a machine with cores to spare


@pytest.fixture(scope="module")
def chaos(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    source = SUBJECTS / "chaos"
    package = packaged(source, tmp_path_factory.mktemp("package"))
    with live(pytestconfig, source, package_file=package) as stack:
        yield stack


def one_batch(stack: Live, bad: str) -> tuple[str, list[str]]:
    """Post a bad task and nine good ones so that they come to the worker together; return the ids."""
    with stack.paused():
        return stack.api.submit({"do": bad})["taskId"], [stack.api.submit({"do": "work"})["taskId"] for _ in range(9)]


def test_worker_that_dies_on_every_try_is_told_as_lost(chaos: Live) -> None:
    task = chaos.run({"do": "exit"})
    assert (task["status"], task["attempts"], task["error"]["type"]) == ("failed", TRIES, "WorkerLost")


def test_task_whose_worker_is_killed_runs_again(chaos: Live, tmp_path: Path) -> None:
    if not chaos.target.is_embedded:
        pytest.skip("nobody can kill a process of AWS Lambda from outside")
    file = tmp_path / "pid"
    task_id = chaos.api.submit({"do": "tell who you are", "file": str(file), "works_from": 2})["taskId"]
    process = wait_until("the task starts", lambda: file.is_file() and file.read_text(), seconds=PATIENCE)
    os.kill(int(process), signal.SIGKILL)
    task = chaos.end_of(task_id)
    assert (task["status"], task["result"]) == ("completed", {"attempt": 2})


def test_task_that_hangs_is_timed_out_beside_nine_good_neighbours(chaos: Live) -> None:
    hanging, good = one_batch(chaos, "hang")
    done = [chaos.end_of(task_id) for task_id in good]
    assert {(task["status"], task["attempts"]) for task in done} == {("completed", 1)}
    task = chaos.end_of(hanging)
    assert (task["status"], task["attempts"], task["error"]["type"]) == ("failed", TRIES, "TimedOut")


def test_task_that_kills_its_process_cannot_fail_nine_good_neighbours(chaos: Live) -> None:
    deadly, good = one_batch(chaos, "exit")
    done = [chaos.end_of(task_id) for task_id in good]
    # After how many attempts is not said: one that died with its neighbour runs again in a process of its own, whose
    # start may take too long.
    assert {task["status"] for task in done} == {"completed"}
    assert chaos.end_of(deadly)["error"]["type"] == "WorkerLost"


def test_task_that_takes_too_much_memory_cannot_fail_nine_good_neighbours(chaos: Live) -> None:
    greedy, good = one_batch(chaos, "take 2 GiB")
    assert {chaos.end_of(task_id)["status"] for task_id in good} == {"completed"}
    task = chaos.end_of(greedy)
    assert (task["status"], task["attempts"], task["error"]["type"]) == ("failed", TRIES, "WorkerLost")


def test_redriven_task_runs_again(chaos: Live) -> None:
    task_id = chaos.api.submit({"do": "raise", "works_from": TRIES + 1})["taskId"]
    assert chaos.end_of(task_id)["status"] == "failed"
    wait_for_dead_letters(chaos.target, chaos.outputs, {task_id})
    with View().step("Redriving") as step:
        assert move_dead_letters(chaos.target.client("sqs"), chaos.outputs["queue_url"], step) >= 1
    task = wait_until(
        "it completes after all",
        lambda: chaos.api.get(task_id),
        lambda task: task["status"] == "completed",
        seconds=PATIENCE,
    )
    assert (task["attempts"], task["result"]) == (TRIES + 1, {"attempt": TRIES + 1})
    assert "error" not in task


@pytest.mark.timeout(1.5 * FLOOD_SECONDS)
def test_flood_is_counted_exactly(chaos: Live, pytestconfig: pytest.Config) -> None:
    make_room(chaos)
    payloads = [payload(number) for number in range(pytestconfig.getoption("--flood"))]
    with ThreadPoolExecutor(CLIENTS) as clients:
        accepted = list(clients.map(lambda one: stubborn_submit(chaos.api, one), payloads))
    assert len(set(accepted)) == len(payloads), "each task was accepted once, however often its client asked"
    asked = dict(zip(accepted, (one["do"] for one in payloads), strict=True))
    wait_until_settled(chaos.target, chaos.outputs, FLOOD_SECONDS)
    ends = {task_id: chaos.end_of(task_id) for task_id in accepted}
    observed = Counter((do, told(do, ends[task_id])) for task_id, do in asked.items())
    assert observed == Counter((do, ENDS.get(do)) for do in asked.values())
    by_retries = {task_id for task_id, do in asked.items() if do in BY_RETRIES}
    wrong = (dead_letter_ids(chaos.target, chaos.outputs) & asked.keys()) ^ by_retries
    assert not wrong, [(asked[task_id], ends[task_id]) for task_id in wrong]


def told(do: str, end: TaskView) -> str | None:
    """How a task ended: as its kind does, or, of those that are tried to the last, by the loss of the last worker.

    On a busy machine the worker of any try may be ended by its own timeout before it has said how the task ended.
    """
    kind = end.get("error", {}).get("type")
    return ENDS[do] if do in BY_RETRIES and kind == "WorkerLost" else kind


def make_room(stack: Live) -> None:
    """Let every try be made, so that the counts are exact.

    A task that kills its process takes the answer for its batch with it, so each gets a batch of its own. A message
    that comes back before its invocation has begun loses a try, so each is hidden for as long as by default.
    """
    client, mapping = stack.target.client("lambda"), stack.outputs["event_source_mapping_uuid"]
    client.update_event_source_mapping(UUID=mapping, BatchSize=1)
    hidden = {"VisibilityTimeout": str(6 * WORKER_SECONDS)}
    stack.target.client("sqs").set_queue_attributes(QueueUrl=stack.outputs["queue_url"], Attributes=hidden)


def payload(number: int) -> dict[str, Any]:
    kind = number % SHARE
    return {"do": BAD[kind] if kind < len(BAD) else "work", "number": number}


def stubborn_submit(api: TaskClient, body: dict[str, Any]) -> str:
    """Post with a key until it is accepted; every third client does not believe the answer and does it all again."""
    key = str(uuid.uuid4())

    def submit() -> str | None:
        try:
            return str(api.submit(body, key)["taskId"])
        except (ApiError, NoAnswer):
            return None

    times = 2 if body["number"] % 3 == 0 else 1
    answers = {wait_until(f"{body} is accepted", submit, seconds=PATIENCE, pause=0.2) for _ in range(times)}
    assert len(answers) == 1, answers
    return str(answers.pop())
