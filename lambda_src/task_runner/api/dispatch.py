"""From an event to its route, and from the route's answer to what API Gateway takes.

Nothing else knows Powertools' event handler, which reads the event, adds the headers of CORS and answers preflight
requests.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, CORSConfig, Response

from task_runner.api.answers import POLL_SECONDS, Answer, Refused
from task_runner.api.request import Request
from task_runner.api.routes import ROUTES, routes_at
from task_runner.api.service import TaskService
from task_runner.config import Cors
from task_runner.errors import ServiceUnavailable
from task_runner.telemetry import count, flush_metrics, logger

Handler = Callable[[Mapping[str, Any], Any], dict[str, Any]]


def make_handler(service: TaskService, cors: Cors | None = None) -> Handler:
    """Build the Lambda handler around a service; with `cors` it also answers preflight requests."""
    app = APIGatewayRestResolver(cors=_cors(cors) if cors else None)
    # So that no cache keeps an answer, nor serves one origin's to another.
    headers = {"Cache-Control": ["no-store"], **({"Vary": ["Origin"]} if cors and cors.allow_origins != ("*",) else {})}

    def answer(*_: object) -> Response[str]:
        return _response(_answer(service, app.current_event.raw_event, preflight=cors is not None))

    # Which methods there are, it tells browsers; which a path takes, and that others are refused, `_routed` knows.
    app.route(r"[\s\S]*", method=[route.method for route in ROUTES])(answer)
    app.not_found(answer)

    def handle(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        try:
            resolved = app.resolve(dict(event), context)
        finally:
            flush_metrics()
        resolved["multiValueHeaders"].update(headers)
        return resolved

    return handle


def _answer(service: TaskService, event: Mapping[str, Any], *, preflight: bool) -> Answer:
    try:
        return _routed(service, Request.of(event), preflight=preflight)
    except Refused as refusal:
        return refusal.answer
    except ServiceUnavailable as error:
        logger.error("dependency unavailable", extra={"reason": str(error)})
        count("Unavailable")
        return Refused("UNAVAILABLE", {"Retry-After": POLL_SECONDS}).answer
    except Exception:  # noqa: BLE001 - a fault of ours is answered in the shape of all errors, too
        logger.exception("unexpected error")
        return Refused("INTERNAL").answer


def _routed(service: TaskService, request: Request, *, preflight: bool) -> Answer:
    routes = routes_at(request.path)
    if not routes:
        *others, last = [f"{route.method} {route.path}" for route in ROUTES]
        raise Refused("NOT_FOUND", routes=f"{', '.join(others)} or {last}")
    if request.method not in routes:
        methods = ", ".join(sorted({*routes, *(["OPTIONS"] if preflight else [])}))
        raise Refused("METHOD_NOT_ALLOWED", {"Allow": methods}, methods=methods)
    return routes[request.method].answer(service, request)


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


def _response(answer: Answer) -> Response[str]:
    body = json.dumps(answer.body, ensure_ascii=False)
    return Response(answer.status.value, "application/json", body, headers=dict(answer.headers))
