"""What is in a stack's queue and in its dead-letter queue."""

from collections.abc import Set as AbstractSet

from harness.target import Outputs, Target
from harness.waiting import wait_until
from task_runner_client.dead_letters import dead_letters

_KINDS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


def count_messages(target: Target, queue_url: str) -> int:
    """Count the messages of a queue: those that wait, those that a worker has, those that are delayed."""
    answer = target.client("sqs").get_queue_attributes(QueueUrl=queue_url, AttributeNames=list(_KINDS))
    return sum(int(answer["Attributes"][kind]) for kind in _KINDS)


def wait_until_settled(target: Target, outputs: Outputs, seconds: float = 120) -> None:
    """Wait until nothing is left to do: each message was deleted, or has gone to the dead-letter queue."""
    url = outputs["queue_url"]
    wait_until("the queue is empty", lambda: count_messages(target, url), lambda count: count == 0, seconds=seconds)


def dead_letter_ids(target: Target, outputs: Outputs) -> set[str]:
    """Return the ids of all tasks in the dead-letter queue. The messages stay there."""
    letters = dead_letters(target.client("sqs"), outputs["dead_letter_queue_url"])
    return {letter.task_id for letter in letters if letter.task_id is not None}


def wait_for_dead_letters(
    target: Target, outputs: Outputs, awaited: AbstractSet[str], seconds: float = 120
) -> set[str]:
    """Wait until the tasks are in the dead-letter queue; return the ids of all that are."""
    return wait_until(
        f"{len(awaited)} tasks are dead-lettered",
        lambda: dead_letter_ids(target, outputs),
        lambda found: awaited <= found,
        seconds=seconds,
    )
