"""The commands that use a stack as its callers do; each returns whether all went well.

What they find goes to standard output, for other programs; what happens meanwhile to standard error, for people.
"""

import json
import math
import sys
import uuid
from http import HTTPStatus
from pathlib import Path
from typing import Any

from harness.client import ApiError, NoAnswer, TaskClient, TaskView
from harness.dead_letters import dead_letters, record_of
from harness.errors import HarnessError
from harness.progress import View
from harness.where import Where

_INTERRUPTED = 130  # as a shell says of a command that Ctrl-C ended


def submit(where: Where, source: str, *, idempotency_key: str | None, wait: bool, view: View) -> bool:
    """Post a task; wait for it and print its result, or print its id."""
    payload = read_payload(source)
    api = where.api(view)
    try:
        accepted = api.submit(payload, idempotency_key)
    except NoAnswer as error:
        again = "" if idempotency_key else " with --idempotency-key, lest it be posted twice"
        raise HarnessError(f"{error} Check that the stack is up, and the URL; then try again{again}.") from error
    except ApiError as error:
        raise HarnessError(f"The task was not accepted: {error}") from error
    if not wait:
        print(accepted["taskId"])
        return True
    return _await(where, api, accepted["taskId"], view)


def watch(where: Where, task_id: str, *, view: View) -> bool:
    """Wait for a task that was posted before, and print its result."""
    try:
        known = str(uuid.UUID(task_id))
    except ValueError:
        raise HarnessError(f"{task_id!r} is no task id. `submit` prints one, a UUID.") from None
    return _await(where, where.api(view), known, view)


def list_dlq(where: Where, *, view: View) -> bool:
    """Print the dead letters: task id, receives, when it was sent, and what its record says."""
    sqs, queue_url = where.dead_letter_queue(view)
    api = where.api(view) if where.url or not where.queue_url else None
    letters = dead_letters(sqs, queue_url)
    for letter in letters:
        said = "(give --url to see its record)" if api is None else record_of(letter, api)
        print(f"{letter.task_id or '-':<36}  {letter.receives:>4}  {letter.sent_at:%Y-%m-%dT%H:%M:%SZ}  {said}")
    view.say(f"Dead letters: {len(letters)} (task, receives, sent, record). `redrive` runs their tasks again.")
    return True


def read_payload(source: str) -> Any:
    """Return the JSON that is given: the text itself, `@file`, or `-` for standard input.

    Raises:
        HarnessError: it cannot be read, or is not JSON.
    """
    try:
        if source == "-":
            text = sys.stdin.read()
        elif source.startswith("@"):
            text = Path(source[1:]).read_text(encoding="utf-8")
        else:
            text = source
        return json.loads(text, parse_constant=_refuse)
    except OSError as error:
        raise HarnessError(f"{source[1:]} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:  # of UTF-8 and JSON alike
        raise HarnessError(
            f"The payload is not JSON: {error}. Quote it for the shell, as in '{{\"seconds\": 1}}', or give @file."
        ) from error


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON number")


def _await(where: Where, api: TaskClient, task_id: str, view: View) -> bool:
    try:
        last = _follow(api, task_id, view)
    except NoAnswer as error:
        raise HarnessError(f"{error} Check that the stack is up, and the URL.") from error
    except ApiError as error:
        if error.status != HTTPStatus.NOT_FOUND:
            raise
        raise HarnessError(
            f"{api.base_url} knows no task {task_id}. Check the id, and that the task was posted to this stack; "
            "a record goes some days after its last change."
        ) from error
    except KeyboardInterrupt:
        view.say(f"\nThe task goes on. See it again with: python -m harness watch {task_id}{where.again()}")
        raise SystemExit(_INTERRUPTED) from None
    if last["status"] == "failed":
        view.say(_error(last), "red")
        return False
    print(json.dumps(last.get("result"), ensure_ascii=False))
    return True


def _follow(api: TaskClient, task_id: str, view: View) -> TaskView:
    last: TaskView = {}
    with view.step(f"Waiting for task {task_id}") as step:
        for seen in api.wait(task_id, math.inf):
            # A terminal shows progress in place; in a log each change is a line.
            same = all(seen[name] == last.get(name) for name in ("status", "attempts"))
            if not (same and view.console.is_terminal):
                view.say(f"  {step.elapsed:5.1f} s  {describe(seen)}")
            progress = seen.get("progress", {})
            step.update(round(100 * progress.get("fraction", 0)), 100, progress.get("message", ""))
            last = seen
    return last


def describe(seen: TaskView) -> str:
    """Say in a line where a task is: its status, its attempt, how far that is, and why the last one failed."""
    parts = [seen["status"]]
    if seen["attempts"]:
        parts.append(f"attempt {seen['attempts']}")
    if seen["status"] == "processing" and "progress" in seen:
        parts.append(f"{seen['progress']['fraction']:.0%} {seen['progress']['message']}".rstrip())
    if seen["status"] in ("pending", "processing") and "error" in seen:
        parts.append(f"failed before with {_error(seen)}")
    return ", ".join(parts)


def _error(seen: TaskView) -> str:
    return f"{seen['error']['type']}: {seen['error']['message']}"
