"""From an event to its route, and from the route's answer to what API Gateway takes."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from task_runner.api.answers import POLL_SECONDS, Answer, Refused
from task_runner.api.request import Request, headers_of
from task_runner.api.routes import Route, routes_with
from task_runner.api.service import TaskService
from task_runner.config import Cors
from task_runner.errors import ServiceUnavailable
from task_runner.telemetry import count, flush_metrics, logger

if TYPE_CHECKING:
    from task_runner.api.cors import CrossOrigin

Routes = tuple[Route, ...]
Handler = Callable[[Mapping[str, Any], Any], dict[str, Any]]


def make_handler(service: TaskService, cors: Cors | None = None, optional: Iterable[str] = ()) -> Handler:
    """Build the Lambda handler around a service; with `cors` it also answers preflight requests.

    Args:
        service: what the routes call.
        cors: which scripts in browsers may call.
        optional: names of the routes that there are besides those that every API has.
    """
    routes = routes_with(optional)
    cross_origin = _cross_origin(cors, routes) if cors else None

    def handle(event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
        try:
            answer = _answer(service, event, routes, cross_origin)
        finally:
            flush_metrics()
        return _proxied(answer, cross_origin.headers(headers_of(event)) if cross_origin else {})

    return handle


def _cross_origin(cors: Cors, routes: Routes) -> "CrossOrigin":
    from task_runner.api.cors import CrossOrigin  # only here: a cold start pays for what it uses

    return CrossOrigin(cors, [route.method for route in routes])


def _answer(
    service: TaskService, event: Mapping[str, Any], routes: Routes, cross_origin: "CrossOrigin | None"
) -> Answer:
    try:
        return _routed(service, Request.of(event), routes, cross_origin)
    except Refused as refusal:
        return refusal.answer
    except ServiceUnavailable as error:
        logger.error("dependency unavailable", extra={"reason": str(error)})
        count("Unavailable")
        return Refused("UNAVAILABLE", {"Retry-After": POLL_SECONDS}).answer
    except Exception:  # noqa: BLE001 - a fault of ours is answered in the shape of all errors, too
        logger.exception("unexpected error")
        return Refused("INTERNAL").answer


def _routed(service: TaskService, request: Request, routes: Routes, cross_origin: "CrossOrigin | None") -> Answer:
    if cross_origin and request.method.upper() == "OPTIONS":
        return cross_origin.preflight
    here = {route.method: route for route in routes if route.path == request.resource}
    if not here:
        *others, last = [f"{route.method} {route.path}" for route in routes]
        raise Refused("NOT_FOUND", routes=f"{', '.join(others)} or {last}")
    if request.method not in here:
        methods = ", ".join(sorted({*here, *(["OPTIONS"] if cross_origin else [])}))
        raise Refused("METHOD_NOT_ALLOWED", {"Allow": methods}, methods=methods)
    return here[request.method].answer(service, request)


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
