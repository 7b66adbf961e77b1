"""Has the task of a worker that died come back soon, while somebody plays with a stack on an embedded AWS.

The module hides a message for six times the worker's timeout, as AWS advises: with the defaults, six minutes in which
nothing happens. Once the invocation that has the message must be over, it may as well be seen.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from harness.execution_limits import INIT_SECONDS
from harness.stack import Stack

_WORKER = "task_runner.worker.entry.handler"


@contextmanager
def short_visibility(stack: Stack) -> Iterator[None]:
    """Hide messages for as short as may be once the apply of the block is done; for as long as asked for it.

    Terraform so finds the queues as it has left them. A plan by hand, between two applies, shows the difference.
    """
    if not stack.target.is_embedded:
        yield
        return
    if stack.has_state:
        for queue in stack.asked("aws_sqs_queue"):
            _hide(stack, queue, queue["visibility_timeout_seconds"])
    yield
    queues = {queue["arn"]: queue for queue in stack.asked("aws_sqs_queue")}
    workers = {one["arn"]: one for one in stack.asked("aws_lambda_function") if one["handler"] == _WORKER}
    for mapping in stack.asked("aws_lambda_event_source_mapping"):
        source, worker = queues.get(mapping["event_source_arn"]), workers.get(mapping["function_arn"])
        if source and worker:
            _shorten(stack, source, worker["timeout"] + mapping["maximum_batching_window_in_seconds"])


def _shorten(stack: Stack, queue: dict[str, Any], seconds: int) -> None:
    """Hide messages until an invocation that began late, and ran to its timeout, is over."""
    asked, enough = queue["visibility_timeout_seconds"], seconds + int(INIT_SECONDS)
    if enough < asked:
        _hide(stack, queue, enough)
        stack.view.say(
            f"The task of a worker that dies is tried again after {enough} s here, not {asked}: {queue['name']} hides "
            "messages for so long while you play. A plan by hand shows the difference."
        )


def _hide(stack: Stack, queue: dict[str, Any], seconds: int) -> None:
    attributes = {"VisibilityTimeout": str(seconds)}
    stack.target.client("sqs").set_queue_attributes(QueueUrl=queue["url"], Attributes=attributes)
