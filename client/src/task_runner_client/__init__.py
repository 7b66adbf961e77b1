"""A client of the task API: submit a payload, follow its task, read its result."""

from task_runner_client.auth import Sign, SigV4
from task_runner_client.client import TaskClient
from task_runner_client.errors import ApiError, NoAnswer, TaskRunnerClientError, TaskTimeout
from task_runner_client.views import TERMINAL, AcceptedTask, Progress, Status, TaskError, TaskView

__all__ = [
    "TERMINAL",
    "AcceptedTask",
    "ApiError",
    "NoAnswer",
    "Progress",
    "SigV4",
    "Sign",
    "Status",
    "TaskClient",
    "TaskError",
    "TaskRunnerClientError",
    "TaskTimeout",
    "TaskView",
]
