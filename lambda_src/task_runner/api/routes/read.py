"""GET /task/{taskId}: how a task stands."""

from http import HTTPStatus

from task_runner.api.answers import Answer, Refused, come_back, view
from task_runner.api.request import Request, task_id_of
from task_runner.api.service import TaskService


def read(service: TaskService, request: Request) -> Answer:
    """Show the task as it stands at this moment."""
    task = service.look_up(task_id_of(request))
    if task is None:
        raise Refused("TASK_NOT_FOUND")
    return Answer(HTTPStatus.OK, view(task), come_back(task))
