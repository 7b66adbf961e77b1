"""The routes of the API: a file for each, and a line in this table."""

import re
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

    def fits(self, path: str) -> bool:
        """Whether this is the route's path. A parameter may be anything: what is wrong with it, the route says."""
        texts = re.split(r"\{\w+\}", self.path)
        return re.fullmatch(r"[\s\S]+".join(map(re.escape, texts)), path) is not None


ROUTES = (
    Route("POST", "/task", submit.submit),
    Route("GET", "/task/{taskId}", read.read),
)


def routes_at(path: str) -> dict[str, Route]:
    """Find what a path can be asked for, by method; nothing where there is no such path.

    Where several fit (`/task/{taskId}` fits all that stands below a task), the longest is meant. Slashes at the end
    count for nothing: API Gateway takes such a path to the resource without them, and hands on what was sent.
    """
    fitting = [route for route in ROUTES if route.fits(path.rstrip("/"))]
    longest = max((route.path for route in fitting), key=len, default="")
    return {route.method: route for route in fitting if route.path == longest}
