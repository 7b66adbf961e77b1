"""Entry point of the API function: parse the request, delegate, map errors to answers."""

import base64
import json
import os
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, CORSConfig, Response

from task_runner.api.caller import identity_of
from task_runner.api.service import Accepted, KeyReused, TaskService
from task_runner.clients import connect
from task_runner.config import Cors, api_config
from task_runner.errors import ServiceUnavailable, TaskRunnerError
from task_runner.record.payload import DEEPEST_PAYLOAD, parse
from task_runner.record.task import Task, is_task_id
from task_runner.telemetry import count, flush_metrics, logger

LARGEST_BODY = 256 * 1024
"""Bytes. The record also holds the result, and DynamoDB's limit for an item is 400 KB."""

_POLL_SECONDS = "1"
_KEY = re.compile(r"[\x21-\x7e]{1,255}")

Handler = Callable[[Mapping[str, Any], Any], dict[str, Any]]


class BadRequest(TaskRunnerError):
    """The request cannot be taken; holds the answer's status, code and sentence."""

    def __init__(self, status: HTTPStatus, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code


def make_handler(service: TaskService, cors: Cors | None = None) -> Handler:
    """Build the Lambda handler around a service; with `cors` it also answers preflight requests."""
    app = APIGatewayRestResolver(cors=_cors(cors) if cors else None)
    _add_routes(app, service)
    _add_errors(app)

    def handle(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        try:
            answer = app.resolve(dict(event), context)
            if cors and cors.allow_origins != ("*",):
                answer["multiValueHeaders"]["Vary"] = [
                    "Origin"
                ]  # so that no cache serves one origin's answer to another
            return answer
        finally:
            flush_metrics()

    return handle


def _cors(cors: Cors) -> CORSConfig:
    # On top of the headers that Powertools always allows: those of signatures, tokens, API keys and content types.
    first, *others = cors.allow_origins
    return CORSConfig(
        allow_origin=first,
        extra_origins=others,
        allow_headers=["Idempotency-Key", *cors.allow_headers],
        expose_headers=["Idempotency-Replayed", "Location", "Retry-After"],
        max_age=cors.max_age,
    )


def _add_routes(app: APIGatewayRestResolver, service: TaskService) -> None:
    @app.post("/task")
    def create_task() -> Response[str]:
        event = app.current_event
        text, payload = _body(event.body, event.is_base64_encoded or False)
        key = _idempotency_key(event.headers)
        if key is None:
            accepted = service.accept(text, payload)
        else:
            accepted = service.accept_once(text, payload, identity_of(event.raw_event["requestContext"]), key)
        count("TasksReplayed" if accepted.replayed else "TasksAccepted")
        logger.info("task accepted", extra={"task_id": accepted.task.task_id, "replayed": accepted.replayed})
        return _acceptance(accepted)

    @app.get(r"/task/[\s\S]+")  # <task_id> would leave out some characters, and a line's end behind the id
    def read_task() -> Response[str]:
        task = service.look_up(_task_id(app.current_event.path_parameters["taskId"]))
        if task is None:
            raise BadRequest(HTTPStatus.NOT_FOUND, "TASK_NOT_FOUND", "There is no task with this id.")
        return _answer(HTTPStatus.OK, view(task), {} if task.status.terminal else {"Retry-After": _POLL_SECONDS})

    @app.not_found
    def unknown_path(_: Exception) -> Response[str]:
        return _error(HTTPStatus.NOT_FOUND, "NOT_FOUND", "Use POST /task or GET /task/{taskId}.")


def _add_errors(app: APIGatewayRestResolver) -> None:
    @app.exception_handler(BadRequest)
    def refuse(error: BadRequest) -> Response[str]:
        return _error(error.status, error.code, str(error))

    @app.exception_handler(KeyReused)
    def refuse_key(_: KeyReused) -> Response[str]:
        sentence = "This Idempotency-Key was used with another payload: send a new key with a new task."
        return _error(HTTPStatus.UNPROCESSABLE_ENTITY, "IDEMPOTENCY_KEY_REUSED", sentence)

    @app.exception_handler(ServiceUnavailable)
    def unavailable(error: ServiceUnavailable) -> Response[str]:
        logger.error("dependency unavailable", extra={"reason": str(error)})
        count("Unavailable")
        sentence = "The service cannot do this right now; nothing was accepted. Try again."
        return _error(HTTPStatus.SERVICE_UNAVAILABLE, "UNAVAILABLE", sentence, {"Retry-After": _POLL_SECONDS})

    @app.exception_handler(Exception)
    def fail(_: Exception) -> Response[str]:
        logger.exception("unexpected error")
        return _error(HTTPStatus.INTERNAL_SERVER_ERROR, "INTERNAL", "The service failed to handle this request.")


def view(task: Task) -> dict[str, Any]:
    """Show a task as GET does; what does not exist yet is left out."""
    shown: dict[str, Any] = {
        "taskId": task.task_id,
        "status": task.status.value,
        "attempts": task.attempts,
        "createdAt": task.created_at,
        "updatedAt": task.updated_at,
        "startedAt": task.started_at,
        "completedAt": task.completed_at,
        "progress": vars(task.progress) if task.progress else None,
        "error": vars(task.error) if task.error else None,
    }
    shown = {name: value for name, value in shown.items() if value is not None}
    return shown if task.result is None else {**shown, "result": json.loads(task.result)}


def _acceptance(accepted: Accepted) -> Response[str]:
    task = accepted.task
    # Relative to the request's own URL, so it holds behind a stage and behind a custom domain (RFC 9110, 10.2.2).
    headers = {"Location": f"task/{task.task_id}"}
    if not task.status.terminal:
        headers["Retry-After"] = _POLL_SECONDS
    if accepted.replayed:
        return _answer(HTTPStatus.OK, view(task), {**headers, "Idempotency-Replayed": "true"})
    body = {"taskId": task.task_id, "status": task.status.value, "createdAt": task.created_at}
    return _answer(HTTPStatus.OK, body, headers)


def _body(text: str | None, is_base64: bool) -> tuple[str, Any]:
    try:
        body = base64.b64decode(text or "") if is_base64 else (text or "").encode()
        if len(body) > LARGEST_BODY:
            sentence = f"The body may hold {LARGEST_BODY} bytes at most, this one has {len(body)}."
            raise BadRequest(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "PAYLOAD_TOO_LARGE", sentence)
        decoded = body.decode() or "{}"
        return decoded, parse(decoded)
    except ValueError:  # of base64, UTF-8 and JSON alike
        sentence = f"The body must be JSON in UTF-8, nested {DEEPEST_PAYLOAD} levels deep at most."
        raise BadRequest(HTTPStatus.BAD_REQUEST, "INVALID_JSON", sentence) from None


def _idempotency_key(headers: Mapping[str, str]) -> str | None:
    key = headers.get("Idempotency-Key")
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        sentence = "Idempotency-Key must be 1 to 255 visible ASCII characters."
        raise BadRequest(HTTPStatus.BAD_REQUEST, "INVALID_IDEMPOTENCY_KEY", sentence)
    return key


def _task_id(text: str) -> str:
    if not is_task_id(text):
        raise BadRequest(HTTPStatus.BAD_REQUEST, "INVALID_TASK_ID", "A task's id is a UUID.")
    return text.lower()


def _answer(status: HTTPStatus, body: Mapping[str, Any], headers: Mapping[str, str]) -> Response[str]:
    return Response(status.value, "application/json", json.dumps(body, ensure_ascii=False), headers=dict(headers))


def _error(
    status: HTTPStatus, code: str, sentence: str, headers: Mapping[str, str] = MappingProxyType({})
) -> Response[str]:
    return _answer(status, {"error": sentence, "code": code}, headers)


def _from_environment() -> Handler:
    config = api_config(os.environ)
    store, wakeups = connect(config, connections=2)
    sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="wakeup")
    return make_handler(TaskService(store, wakeups, config, sender), config.cors)


handler = _from_environment()
