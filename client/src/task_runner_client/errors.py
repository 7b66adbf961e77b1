"""What goes wrong, under one base."""

import requests

from task_runner_client.views import TaskView

_SHOWN = 500  # characters of an answer that is none of the task API's


class TaskRunnerClientError(Exception):
    """Something the reader can act on; the message says what happened and what to do next."""


class ApiError(TaskRunnerClientError):
    """The API answered, but not with a task.

    Attributes:
        status: of HTTP; 200 where whatever answered is no task API.
        code: for programs, such as "TASK_NOT_FOUND"; None where the answer has not the task API's shape.
        sentence: for people: the API's own, or the beginning of what came instead.
        retry_after: seconds to wait before asking again; None where the answer does not say.
    """

    def __init__(self, response: requests.Response) -> None:
        """Say what was asked and what came back."""
        self.status = response.status_code
        self.code, self.sentence = _told(response)
        self.retry_after = retry_after(response)
        asked, code = response.request, f" {self.code}" if self.code else ""
        super().__init__(f"{asked.method} {asked.url} answered {self.status}{code}: {self.sentence}")


class NoAnswer(TaskRunnerClientError):
    """Nothing came back: the API cannot be reached, or took too long. The task may have been accepted."""


class TaskTimeout(TaskRunnerClientError):
    """A task did not end in the time that the caller gave it. It goes on.

    Attributes:
        task_id: the task, to wait for it again.
        view: what was last seen of it; None if the API had no time to tell.
    """

    def __init__(self, task_id: str, timeout: float, view: TaskView | None) -> None:
        """Say how long it was waited for, in seconds."""
        self.task_id, self.view = task_id, view
        super().__init__(f"Task {task_id} is not finished after {timeout:.0f} s; last seen: {view}")


def retry_after(response: requests.Response) -> float | None:
    """Return the seconds that an answer asks to wait; None where it does not."""
    asked = response.headers.get("Retry-After", "")
    return float(asked) if asked.isdecimal() else None


def _told(response: requests.Response) -> tuple[str | None, str]:
    try:
        body = response.json()
        return str(body["code"]), str(body["error"])
    except (ValueError, TypeError, LookupError):
        return None, response.text[:_SHOWN]
