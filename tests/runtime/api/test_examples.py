"""The examples of success in docs/openapi.yaml are what the handlers answer; those of errors are in test_errors.py."""

from collections.abc import Callable
from typing import Any

import pytest

from support.cloud import Answer, Api, Clock, Cloud, Worker, delivery
from support.openapi import answers
from task_runner import PermanentError, TaskContext

MakeWorker = Callable[..., Worker]
RETRY = answers("post", "/task/{taskId}/retry")["200"]
POST, GET = answers("post", "/task")["200"], answers("get", "/task/{taskId}")["200"]


def render(payload: Any, context: TaskContext) -> Any:
    context.progress(0.5, "1 of 2 pages")
    if not payload:
        raise ValueError("page 2 is empty")
    return {"pages": 2}


def keys(value: Any) -> Any:
    """The shape of a body: names all the way down, no values."""
    return {name: keys(inner) for name, inner in value.items()} if isinstance(value, dict) else None


def check(described: Any, name: str, answer: Answer) -> None:
    """Same status, same shape, described in body and headers."""
    assert answer.status == 200
    assert keys(answer.body) == keys(described.examples[name])
    assert answer.body["status"] == described.examples[name]["status"]
    assert described.faults(answer.body) == []
    assert answer.headers.keys() - {"Content-Type"} <= described.headers.keys()
    assert ("Retry-After" in answer.headers) == (answer.body["status"] in ("pending", "processing"))


def test_submitted_task(api: Api, worker: MakeWorker) -> None:
    key = {"Idempotency-Key": "order-7"}
    accepted = api.post('{"pages": [1, 2]}', key)
    check(POST, "accepted", accepted)
    worker(render).poll()
    replayed = api.post('{"pages": [1, 2]}', key)
    check(POST, "replayed", replayed)
    assert accepted.headers.keys() - {"Content-Type"} == POST.headers.keys() - {"Idempotency-Replayed"}
    assert replayed.headers.keys() - {"Content-Type"} == POST.headers.keys() - {"Retry-After"}


def test_task_that_completes(api: Api, worker: MakeWorker) -> None:
    task_id = api.post('{"pages": [1, 2]}').body["taskId"]
    check(GET, "pending", api.get(task_id))

    def look(payload: Any, context: TaskContext) -> Any:
        result = render(payload, context)
        check(GET, "processing", api.get(task_id))
        return result

    worker(look).poll()
    check(GET, "completed", api.get(task_id))


def test_task_that_fails(api: Api, worker: MakeWorker) -> None:
    task_id = api.post("{}").body["taskId"]
    worker(render).poll_until_dead()
    answer = api.get(task_id)
    check(GET, "failed", answer)
    example = GET.examples["failed"]
    assert {name: answer.body[name] for name in ("attempts", "progress", "error")} == {
        name: example[name] for name in ("attempts", "progress", "error")
    }


def test_task_that_is_retried(cloud: Cloud, worker: MakeWorker) -> None:
    def gives_up(*_: Any) -> None:
        raise PermanentError("no such document")

    api = Api(cloud, routes=["retry"])
    task_id = api.post("{}").body["taskId"]
    worker(gives_up).poll()
    check(RETRY, "retried", api.retry(task_id))


@pytest.mark.parametrize("status", ["pending", "processing"])
def test_what_is_not_described_would_be_noticed(cloud: Cloud, api: Api, clock: Clock, status: str) -> None:
    """The checks above can fail: a task in one state is no example of another."""
    task_id = cloud.put()
    if status == "processing":
        cloud.store.claim(delivery(task_id), "lease", clock() + 60_000, clock())
    with pytest.raises(AssertionError):
        check(GET, "completed", api.get(task_id))
    assert GET.faults({**api.get(task_id).body, "queueUrl": "secret"})
