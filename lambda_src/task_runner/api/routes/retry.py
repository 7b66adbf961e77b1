"""POST /task/{taskId}/retry: a task that has failed runs again."""

from http import HTTPStatus

from task_runner.api.answers import Answer, Refused, come_back, view
from task_runner.api.request import Request, task_id_of
from task_runner.api.service import NotToRetry, TaskService
from task_runner.record.task import Status
from task_runner.telemetry import count, logger


def retry(service: TaskService, request: Request) -> Answer:
    """Make the task pending again, and wake a worker."""
    try:
        task = service.retry(task_id_of(request))
    except NotToRetry as refusal:
        completed = refusal.task.status is Status.COMPLETED
        raise Refused("TASK_COMPLETED" if completed else "TASK_NOT_ENDED") from None
    if task is None:
        raise Refused("TASK_NOT_FOUND")
    count("TasksRetried")
    logger.info("task retried", extra={"task_id": task.task_id})
    return Answer(HTTPStatus.OK, view(task), come_back(task))
