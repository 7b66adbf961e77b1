"""From an event to its route, and from the route's answer to what API Gateway takes."""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from task_runner.api.answers import POLL_SECONDS, Answer, Refused
from task_runner.api.request import Request, headers_of
from task_runner.api.routes import ROUTES, routes_at
from task_runner.api.service import TaskService
from task_runner.config import Cors
from task_runner.errors import ServiceUnavailable
from task_runner.telemetry import count, flush_metrics, logger

if TYPE_CHECKING:
    from task_runner.api.cors import CrossOrigin

Handler = Callable[[Mapping[str, Any], Any], dict[str, Any]]


def make_handler(service: TaskService, cors: Cors | None = None) -> Handler:
    """Build the Lambda handler around a service; with `cors` it also answers preflight requests."""
    cross_origin = _cross_origin(cors) if cors else None

    def handle(event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
        try:
            answer = _answer(service, event, cross_origin)
        finally:
            flush_metrics()
        return _proxied(answer, cross_origin.headers(headers_of(event)) if cross_origin else {})

    return handle


def _cross_origin(cors: Cors) -> "CrossOrigin":
    from task_runner.api.cors import CrossOrigin  # only here: a cold start pays for what it uses

    return CrossOrigin(cors, [route.method for route in ROUTES])


def _answer(service: TaskService, event: Mapping[str, Any], cross_origin: "CrossOrigin | None") -> Answer:
    try:
        return _routed(service, Request.of(event), cross_origin)
    except Refused as refusal:
        return refusal.answer
    except ServiceUnavailable as error:
        logger.error("dependency unavailable", extra={"reason": str(error)})
        count("Unavailable")
        return Refused("UNAVAILABLE", {"Retry-After": POLL_SECONDS}).answer
    except Exception:  # noqa: BLE001 - a fault of ours is answered in the shape of all errors, too
        logger.exception("unexpected error")
        return Refused("INTERNAL").answer


def _routed(service: TaskService, request: Request, cross_origin: "CrossOrigin | None") -> Answer:
    if cross_origin and request.method.upper() == "OPTIONS":
        return cross_origin.preflight
    routes = routes_at(request.resource)
    if not routes:
        *others, last = [f"{route.method} {route.path}" for route in ROUTES]
        raise Refused("NOT_FOUND", routes=f"{', '.join(others)} or {last}")
    if request.method not in routes:
        methods = ", ".join(sorted({*routes, *(["OPTIONS"] if cross_origin else [])}))
        raise Refused("METHOD_NOT_ALLOWED", {"Allow": methods}, methods=methods)
    return routes[request.method].answer(service, request)


def _proxied(answer: Answer, more: Mapping[str, str]) -> dict[str, Any]:
    """Write an answer as API Gateway takes it from a function (Lambda proxy integration, payload format 1.0)."""
    headers = {"Cache-Control": "no-store", **answer.headers, **more}
    body = ""
    if answer.body is not None:
        headers["Content-Type"] = "application/json"
        body = json.dumps(answer.body, ensure_ascii=False)
    return {
        "statusCode": answer.status.value,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "body": body,
        "isBase64Encoded": False,
    }
