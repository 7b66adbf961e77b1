"""GET /task/{taskId}: how a task stands."""

from http import HTTPStatus

from task_runner.api.answers import Answer, Refused, come_back, view
from task_runner.api.request import Request
from task_runner.api.service import TaskService
from task_runner.record.task import is_task_id


def read(service: TaskService, request: Request) -> Answer:
    """Show the task as it stands at this moment."""
    task_id = request.parameters.get("taskId", "")  # a gateway may find none in odd paths
    if not is_task_id(task_id):
        raise Refused("INVALID_TASK_ID")
    task = service.look_up(task_id.lower())
    if task is None:
        raise Refused("TASK_NOT_FOUND")
    return Answer(HTTPStatus.OK, view(task), come_back(task))
