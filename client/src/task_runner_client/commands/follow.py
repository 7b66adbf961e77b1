"""Follows a task to its end: what `submit` and `watch` have in common."""

import math
from http import HTTPStatus

from task_runner_client.client import TaskClient
from task_runner_client.commands.options import Api
from task_runner_client.commands.output import plain, show_json
from task_runner_client.errors import ApiError, NoAnswer, TaskRunnerClientError
from task_runner_client.progress import View
from task_runner_client.views import Progress, TaskView

_NO_PROGRESS = Progress(fraction=0.0, message="")


def follow(api: Api, client: TaskClient, task_id: str) -> int:
    """Show a task's progress, print its result; return the exit code.

    Raises:
        TaskRunnerClientError: there is no such task, or no answer.
        KeyboardInterrupt: on Ctrl-C; the task goes on.
    """
    view = View.on_stderr()
    try:
        last = _last(client, task_id, view)
    except NoAnswer as error:
        raise TaskRunnerClientError(f"{error} Check that the stack is up, and the URL.") from error
    except ApiError as error:
        if error.status != HTTPStatus.NOT_FOUND:
            raise
        raise TaskRunnerClientError(
            f"{client.base_url} knows no task {task_id}. Check the id, and that the task was posted to this stack; "
            "a record goes some days after its last change."
        ) from error
    except KeyboardInterrupt:
        view.say(f"\nThe task goes on. See it again with: {api.again(f'watch {task_id}')}")
        raise
    if last["status"] == "failed":
        view.say(_error(last), "red")
        return 1
    show_json(last.get("result"))
    return 0


def _last(client: TaskClient, task_id: str, view: View) -> TaskView:
    status = attempts = None
    view.say(f"Task {task_id}")  # above the live line, which needs its width for what the task says
    with view.step("Waiting") as step:
        for seen in client.wait(task_id, math.inf):
            # A terminal shows progress in place; in a log each change is a line.
            same = (seen["status"], seen["attempts"]) == (status, attempts)
            if not (same and view.console.is_terminal):
                view.say(f"  {step.elapsed:5.1f} s  {describe(seen)}")
            progress = seen.get("progress", _NO_PROGRESS)
            step.update(round(100 * progress["fraction"]), 100, plain(progress["message"]))
            status, attempts = seen["status"], seen["attempts"]
    return seen


def describe(seen: TaskView) -> str:
    """Say in a line where a task is: its status, its attempt, how far that is, and why the last one failed."""
    parts: list[str] = [seen["status"]]
    if seen["attempts"]:
        parts.append(f"attempt {seen['attempts']}")
    if seen["status"] == "processing" and "progress" in seen:
        parts.append(f"{seen['progress']['fraction']:.0%} {plain(seen['progress']['message'])}".rstrip())
    if seen["status"] in ("pending", "processing") and "error" in seen:
        parts.append(f"failed before with {_error(seen)}")
    return ", ".join(parts)


def _error(seen: TaskView) -> str:
    return plain(f"{seen['error']['type']}: {seen['error']['message']}")
