"""Workers that die, hang and are killed, and a flood with clients that retry: nothing is lost, nothing is stuck."""

import json
import os
import signal
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from e2e.conftest import SUBJECTS, Live, live, packaged
from task_runner_client import TERMINAL, ApiError, NoAnswer, TaskClient, TaskView
from task_runner_client.progress import View
from task_runner_client.redrive import move_dead_letters

TRIES = 4
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


@pytest.fixture(scope="module")
def chaos(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    source = SUBJECTS / "chaos"
    package = packaged(source, tmp_path_factory.mktemp("package"))
    with live(pytestconfig, source, package_file=package) as stack:
        yield stack


def last(stack: Live, task_id: str, seconds: float = 90) -> TaskView:
    *_, view = stack.api.wait(task_id, seconds)
    return view


@contextmanager
def one_batch(stack: Live) -> Iterator[None]:
    """Hold the queue back meanwhile, so that what is posted comes to the worker together."""
    client, mapping = stack.target.client("lambda"), stack.outputs["event_source_mapping_uuid"]
    client.update_event_source_mapping(UUID=mapping, Enabled=False)
    try:
        yield
    finally:
        client.update_event_source_mapping(UUID=mapping, Enabled=True)


def dead_letters(stack: Live) -> set[str]:
    """Ids of all tasks in the dead-letter queue."""
    sqs, url, found = stack.target.client("sqs"), stack.outputs["dead_letter_queue_url"], set()
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=20).get("Messages"):
        found |= {json.loads(message["Body"])["taskId"] for message in messages}
    return found


def test_worker_that_dies_on_every_try_is_told_as_lost(chaos: Live) -> None:
    task = chaos.api.run({"do": "exit"}, 90)
    assert (task["status"], task["attempts"], task["error"]["type"]) == ("failed", TRIES, "WorkerLost")


def test_task_whose_worker_is_killed_runs_again(chaos: Live, tmp_path: Path) -> None:
    if not chaos.target.is_embedded:
        pytest.skip("nobody can kill a process of AWS Lambda from outside")
    file = tmp_path / "pid"
    task_id = chaos.api.submit({"do": "tell who you are", "file": str(file), "works_from": 2})["taskId"]
    deadline = time.monotonic() + 30
    while not (file.is_file() and file.read_text()):
        assert time.monotonic() < deadline, "the task never started"
        time.sleep(0.05)
    os.kill(int(file.read_text()), signal.SIGKILL)
    task = last(chaos, task_id)
    assert (task["status"], task["result"]) == ("completed", {"attempt": 2})


def test_task_that_hangs_is_timed_out_beside_nine_good_neighbours(chaos: Live) -> None:
    with one_batch(chaos):
        hanging = chaos.api.submit({"do": "hang"})["taskId"]
        good = [chaos.api.submit({"do": "work"})["taskId"] for _ in range(9)]
    done = [last(chaos, task_id) for task_id in good]
    assert {(task["status"], task["attempts"]) for task in done} == {("completed", 1)}
    task = last(chaos, hanging)
    assert (task["status"], task["attempts"], task["error"]["type"]) == ("failed", TRIES, "TimedOut")


def test_task_that_kills_its_process_cannot_fail_nine_good_neighbours(chaos: Live) -> None:
    with one_batch(chaos):
        deadly = chaos.api.submit({"do": "exit"})["taskId"]
        good = [chaos.api.submit({"do": "work"})["taskId"] for _ in range(9)]
    done = [last(chaos, task_id) for task_id in good]
    assert {task["status"] for task in done} == {"completed"}
    assert max(task["attempts"] for task in done) <= 2
    assert last(chaos, deadly)["error"]["type"] == "WorkerLost"


def test_redriven_task_runs_again(chaos: Live) -> None:
    task_id = chaos.api.submit({"do": "raise", "works_from": TRIES + 1})["taskId"]
    assert last(chaos, task_id)["status"] == "failed"
    time.sleep(3)  # the message is on its way to the dead-letter queue
    with View().step("Redriving") as step:
        assert move_dead_letters(chaos.target.client("sqs"), chaos.outputs["queue_url"], step) >= 1
    deadline = time.monotonic() + 60
    while (task := chaos.api.get(task_id))["status"] != "completed":
        assert time.monotonic() < deadline, task
        time.sleep(0.5)
    assert (task["attempts"], task["result"]) == (TRIES + 1, {"attempt": TRIES + 1})
    assert "error" not in task


def test_flood_is_counted_exactly(chaos: Live, pytestconfig: pytest.Config) -> None:
    alone_in_its_batch(chaos)
    payloads = [payload(number) for number in range(pytestconfig.getoption("--flood"))]
    with ThreadPoolExecutor(CLIENTS) as clients:
        accepted = list(clients.map(lambda one: stubborn_submit(chaos.api, one), payloads))
    assert len(set(accepted)) == len(payloads), "each task was accepted once, however often its client asked"
    asked = dict(zip(accepted, (one["do"] for one in payloads), strict=True))
    ends = wait_for_all(chaos, accepted)
    observed = Counter((do, ends[task_id].get("error", {}).get("type")) for task_id, do in asked.items())
    assert observed == Counter((do, ENDS.get(do)) for do in asked.values())
    by_retries = {task_id for task_id, do in asked.items() if do in BY_RETRIES}
    wrong = (settled_dead_letters(chaos, by_retries) & asked.keys()) ^ by_retries
    assert not wrong, [(asked[task_id], ends[task_id]) for task_id in wrong]


def alone_in_its_batch(stack: Live) -> None:
    """A task that kills its process takes the answer for its batch with it; only alone are the counts exact."""
    client, mapping = stack.target.client("lambda"), stack.outputs["event_source_mapping_uuid"]
    client.update_event_source_mapping(UUID=mapping, BatchSize=1)


def payload(number: int) -> dict[str, Any]:
    kind = number % SHARE
    return {"do": BAD[kind] if kind < len(BAD) else "work", "number": number}


def stubborn_submit(api: TaskClient, body: dict[str, Any]) -> str:
    """Post with a key until it is accepted; every third client does not believe the first answer and asks again."""
    client, key = TaskClient(api.base_url), str(uuid.uuid4())
    for _ in range(50):
        try:
            task_id = str(client.submit(body, key)["taskId"])
        except (ApiError, NoAnswer):
            time.sleep(0.2)
        else:
            if body["number"] % 3 == 0:
                assert client.submit(body, key)["taskId"] == task_id
            return task_id
    raise AssertionError(f"never accepted: {body}")


def wait_for_all(stack: Live, task_ids: list[str], seconds: float = 400) -> dict[str, TaskView]:
    ends: dict[str, TaskView] = {}
    deadline = time.monotonic() + seconds
    while waiting := [task_id for task_id in task_ids if task_id not in ends]:
        assert time.monotonic() < deadline, f"{len(waiting)} tasks are stuck: {stack.api.get(waiting[0])}"
        for task_id in waiting:
            view = stack.api.get(task_id)
            if view["status"] in TERMINAL:
                ends[task_id] = view
        time.sleep(1)
    return ends


def settled_dead_letters(stack: Live, awaited: set[str]) -> set[str]:
    """The dead letters, once the awaited ones have arrived or a while has passed."""
    deadline = time.monotonic() + 40
    found = dead_letters(stack)
    while not awaited <= found and time.monotonic() < deadline:
        time.sleep(2)
        found |= dead_letters(stack)
    return found
