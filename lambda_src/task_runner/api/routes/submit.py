"""POST /task: a task is accepted, or found by its idempotency key."""

import re
from http import HTTPStatus
from typing import Any

from task_runner.api.answers import Answer, Refused, come_back, view
from task_runner.api.body import read_json
from task_runner.api.request import Request
from task_runner.api.service import Accepted, KeyReused, TaskService
from task_runner.telemetry import count, logger

IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,255}")


def submit(service: TaskService, request: Request) -> Answer:
    """Record the task and wake a worker."""
    text, payload = read_json(request.body, is_base64=request.is_base64)
    accepted = _accepted(service, request, text, payload)
    task = accepted.task
    count("TasksReplayed" if accepted.replayed else "TasksAccepted")
    logger.info("task accepted", extra={"task_id": task.task_id, "replayed": accepted.replayed})
    # Relative to the request's own URL, so it holds behind a stage and behind a custom domain (RFC 9110, 10.2.2).
    headers = {"Location": f"task/{task.task_id}", **come_back(task)}
    if accepted.replayed:
        return Answer(HTTPStatus.OK, view(task), {**headers, "Idempotency-Replayed": "true"})
    body = {"taskId": task.task_id, "status": task.status.value, "createdAt": task.created_at}
    return Answer(HTTPStatus.OK, body, headers)


def _accepted(service: TaskService, request: Request, text: str, payload: Any) -> Accepted:
    key = request.headers.get("idempotency-key")
    if key is None:
        return service.accept(text, payload)
    if not IDEMPOTENCY_KEY.fullmatch(key):
        raise Refused("INVALID_IDEMPOTENCY_KEY")
    try:
        return service.accept_once(text, payload, request.caller, key)
    except KeyReused:
        raise Refused("IDEMPOTENCY_KEY_REUSED") from None
