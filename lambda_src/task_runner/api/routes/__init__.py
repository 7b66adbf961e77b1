"""The routes of the API: a file for each, and a line in this table."""

from collections.abc import Callable
from dataclasses import dataclass

from task_runner.api.answers import Answer
from task_runner.api.request import Request
from task_runner.api.routes import read, submit
from task_runner.api.service import TaskService


@dataclass(frozen=True)
class Route:
    """Which requests it answers, and how.

    Attributes:
        path: as API Gateway and docs/openapi.yaml write it, with parameters in braces.
        answer: raises `Refused` where the answer is an error.
    """

    method: str
    path: str
    answer: Callable[[TaskService, Request], Answer]


ROUTES = (
    Route("POST", "/task", submit.submit),
    Route("GET", "/task/{taskId}", read.read),
)


def routes_at(resource: str) -> dict[str, Route]:
    """Find what a resource can be asked for, by method; nothing where there is no such resource."""
    return {route.method: route for route in ROUTES if route.path == resource}
