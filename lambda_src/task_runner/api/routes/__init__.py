"""The routes of the API: a file for each, and a line in one of these tables."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module

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
"""Those that every API has."""

OPTIONAL = {
    "retry": ("POST", "/task/{taskId}/retry"),
}
"""Those that an API has where the input `api.routes` names them, each a function in the module of its name."""


def routes_with(names: Iterable[str]) -> tuple[Route, ...]:
    """Return the routes of an API that has these optional ones."""
    return (*ROUTES, *map(_optional, names))


def _optional(name: str) -> Route:
    module = import_module(f"{__name__}.{name}")  # only here: a cold start pays for what it uses
    return Route(*OPTIONAL[name], getattr(module, name))
