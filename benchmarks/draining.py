"""One queue full of tasks, and the time until the last of them is completed."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from benchmarks.bench import Side
from harness.errors import HarnessError
from harness.redeploy import deliveries_paused
from harness.waiting import wait_until
from task_runner_client.progress import Step

_SENDERS = 4
_SECONDS = 180.0  # until a drain is given up
_UPDATE_SECONDS = 60.0
_LEFT = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")


@dataclass(frozen=True)
class Setting:
    """How a worker takes tasks from the queue: tasks in a batch, and of these, how many side by side."""

    batch_size: int = 10  # the embedded AWS hands over no more
    concurrency: int = 10  # of the module's worker; the textbook version knows one at a time only

    def apply(self, side: Side) -> None:
        """Set it on a side's worker, while no task is delivered to it."""
        client = side.target.client("lambda")
        client.update_event_source_mapping(UUID=side.outputs["event_source_mapping_uuid"], BatchSize=self.batch_size)
        function = side.outputs["worker_function_name"]
        variables = client.get_function_configuration(FunctionName=function)["Environment"]["Variables"]
        if variables.get("TASK_RUNNER_CONCURRENCY", str(self.concurrency)) != str(self.concurrency):
            variables["TASK_RUNNER_CONCURRENCY"] = str(self.concurrency)
            client.update_function_configuration(FunctionName=function, Environment={"Variables": variables})
            client.get_waiter("function_updated_v2").wait(FunctionName=function)


def drained(side: Side, setting: Setting, payload: Mapping[str, Any], count: int, step: Step) -> float:
    """Return the seconds from the moment that deliveries begin to the end of the last task.

    Raises:
        HarnessError: not every task was completed, or not within three minutes.
    """
    with filled(side, setting, payload, count) as task_ids:
        began = datetime.now(timezone.utc)
    wait_until(
        "the queue is drained", lambda: _left(side, step, count), lambda left: left == 0, seconds=_SECONDS, pause=0.25
    )
    ends = [_end(side, task_id) for task_id in task_ids]
    return (max(ends) - began).total_seconds()


@contextmanager
def filled(side: Side, setting: Setting, payload: Mapping[str, Any], count: int) -> Iterator[list[str]]:
    """Post tasks while none is delivered; deliveries begin at the end of the block. Yields the ids."""

    def post(some: int) -> list[str]:
        client = side.client()
        return [client.submit(payload)["taskId"] for _ in range(some)]

    with deliveries_paused(side.target, side.outputs):
        setting.apply(side)
        with ThreadPoolExecutor(_SENDERS) as senders:
            yield [task_id for posted in senders.map(post, [count // _SENDERS] * _SENDERS) for task_id in posted]


def _left(side: Side, step: Step, count: int) -> int:
    answer = side.target.client("sqs").get_queue_attributes(
        QueueUrl=side.outputs["queue_url"], AttributeNames=list(_LEFT)
    )
    left = sum(int(answer["Attributes"][name]) for name in _LEFT)
    step.update(count - left, count, side.name)
    return left


def _end(side: Side, task_id: str) -> datetime:
    """Return when a task was completed, as its record says: its last change, in both versions."""
    answer = side.target.client("dynamodb").get_item(
        TableName=side.outputs["table_name"], Key={"taskId": {"S": task_id}}, ConsistentRead=True
    )
    if answer["Item"]["status"]["S"] != "completed":
        raise HarnessError(f"a task of {side.name} is not completed: {answer['Item']}")
    return datetime.fromisoformat(answer["Item"]["updatedAt"]["S"])
